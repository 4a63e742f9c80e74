// The day of printing: the page may have been open since another day. <span data-module="today">29 november 2026</span>
const DAY = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'long', timeZone: 'Europe/Stockholm' })

export default function today(element) {
  window.addEventListener('beforeprint', () => { element.textContent = DAY.format(new Date()) })
}
