// lists.js shares a list out under the leader's hand: less, more, evenly, by load; bars, totals and the button follow. What the
// numbers of the rules are the page says itself; without this script they are typed, or asked for by a link.
const form = () => document.getElementById('deal-form');
const agents = () => [...(form()?.querySelectorAll('[data-agent]') ?? [])];
const field = row => row.querySelector('input[type=number]');
const number = row => Math.max(0, Math.trunc(Number(field(row).value)) || 0);

function follow() {
  const deal = form();
  if (!deal) return;
  let sum = 0;
  for (const row of agents()) {
    const n = number(row), has = Number(row.dataset.has);
    sum += n;
    row.querySelector('[data-total]').textContent = String(has + n);
    row.querySelector('rect.new').setAttribute('width', (100 * n / Number(deal.dataset.of)).toFixed(2));
    for (const step of row.querySelectorAll('[data-step]')) step.hidden = false;
  }
  const button = document.getElementById('deal');
  button.querySelector('[data-count-words]').textContent = button.dataset.words.replace('#', sum);
  button.disabled = sum === 0 || sum > Number(deal.dataset.left);
}

document.addEventListener('click', e => {
  const step = e.target.closest('[data-step]');
  if (step) {
    const row = step.closest('[data-agent]');
    field(row).value = String(Math.max(0, number(row) + Number(step.dataset.step)));
    return follow();
  }
  const rule = e.target.closest('[data-rule]');
  if (!rule || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  for (const row of agents()) field(row).value = row.dataset[rule.dataset.rule];
  follow();
});
document.addEventListener('input', e => { if (e.target.closest('#deal-form')) follow(); });
document.addEventListener('sapa:shown', follow);
document.addEventListener('sapa:zone', follow);
follow();
