// The button prints with the browser's own print, which also makes a PDF; the house keeps in its journal who printed what before the
// browser does. Who prints with the browser's key alone is noted as it begins.
const form = document.getElementById('print-form');
let noted = false;

async function note() {
  const what = new URLSearchParams(new FormData(form));
  what.delete('key'); // each print is one of its own
  const answer = await fetch(form.action, {method: 'POST', headers: {'Sapa-Part': 'print'}, body: what, keepalive: true}).catch(() => null);
  document.getElementById('print-unsaid').hidden = answer?.status === 204;
  return answer?.status === 204;
}

form?.addEventListener('submit', async e => {
  e.preventDefault();
  if (!await note()) return;
  noted = true;
  print();
  noted = false;
});
if (form) addEventListener('beforeprint', () => { if (!noted) note(); });
