// Package torture asks the house what a unit test cannot: whether many agents at once ever get what only one may have,
// whether an acknowledged act survives a kill, whether the store itself refuses what the code should never write. It holds
// no code of the product.
package torture
