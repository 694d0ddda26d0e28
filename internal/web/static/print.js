// The button that opens the browser's own print, which also makes a PDF.
const button = document.getElementById('print-do');
if (button) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
