// Asks an address again and again while the page is visible: ETag, and longer waits when it does not answer.
import { errorOf } from './deliver.js'

const EVERY = 2000
const LONGEST = 30000
const GONE = [401, 403, 404, 410]

// `ask(url, options)` fetches; `ready()` says whether an answer can be taken now, `take(response)` gets one that is new and
// says whether it was used, `lost(bool)` hears about the net, `ended(said)` that the address is not ours, and why: it says
// whether that is for good.
// `heard(date)` gets the time of the server. `etag` is that of the page as it came.
export function poll(url, { etag = null, ask, ready, take, lost, ended, heard }) {
  let wait = EVERY
  let timer
  let asking = false

  async function look() {
    if (asking) return
    clearTimeout(timer)
    if (!document.hidden && ready()) {
      asking = true
      const answered = await once().catch(() => 'no')
      asking = false
      if (answered.gone && ended(answered.gone)) return
      if (!answered.gone) lost(answered === 'no')
      wait = answered === 'yes' ? EVERY : Math.min(wait * 2, LONGEST)
    }
    timer = setTimeout(look, wait)
  }

  // Only an answer of ours says that the page is gone; that of a proxy says nothing.
  async function once() {
    const response = await ask(url, { headers: etag ? { 'If-None-Match': etag } : {} })
    if (GONE.includes(response.status)) {
      const said = await errorOf(response)
      return said ? { gone: said } : 'no'
    }
    if (response.ok || response.status === 304) heard(response.headers.get('Date'))
    if (response.status === 304) etag = response.headers.get('ETag') ?? etag
    if (response.ok && (await take(response))) etag = response.headers.get('ETag')
    return response.ok || response.status === 304 ? 'yes' : 'no'
  }

  document.addEventListener('visibilitychange', look)
  window.addEventListener('online', look)
  timer = setTimeout(look, EVERY)
}
