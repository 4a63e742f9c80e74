// Says it when the clock of the device is more than a day from that of the server. Times count right all the same: how long a
// change waited is what counts (kb/runs/forms.py).
const DAY = 24 * 3600e3
const SHOWN = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Stockholm' })

// The words, or '' for a clock that will do. `date` is the header Date of an answer.
export function wrongClock(date, now = Date.now()) {
  const off = Math.abs(Date.parse(date) - now)
  return off > DAY ? `Klockan på den här enheten går fel. Den visar ${SHOWN.format(now)}. Tiderna i checklistan räknas rätt ändå.` : ''
}
