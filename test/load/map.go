package main

// mapFile says which column is what, as `sapa import --map` reads it.
const mapFile = ``
