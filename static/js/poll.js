// Asks an address again and again while the page is visible: ETag, and longer waits when it does not answer.
const EVERY = 4000
const LONGEST = 60000
const GONE = [401, 403, 404, 410]

// `ready()` says whether an answer can be taken now, `take(response)` gets one that is new and says whether it was used,
// `lost(bool)` hears about the net, `ended()` that the address is no longer ours.
// `etag` is that of the page as it came.
export function poll(url, { etag = null, ready, take, lost, ended }) {
  let wait = EVERY
  let timer
  let asking = false

  async function ask() {
    if (asking) return
    clearTimeout(timer)
    if (!document.hidden && ready()) {
      asking = true
      const answered = await fetchOnce().catch(() => null)
      asking = false
      lost(answered === null)
      if (answered === 'gone') return ended()
      wait = answered === 'yes' ? EVERY : Math.min(wait * 2, LONGEST)
    }
    timer = setTimeout(ask, wait)
  }

  async function fetchOnce() {
    const response = await fetch(url, { headers: etag ? { 'If-None-Match': etag } : {}, cache: 'no-store' })
    if (GONE.includes(response.status)) return 'gone'
    if (response.ok && (await take(response))) etag = response.headers.get('ETag')
    return response.ok || response.status === 304 ? 'yes' : 'no'
  }

  document.addEventListener('visibilitychange', ask)
  window.addEventListener('online', ask)
  timer = setTimeout(ask, EVERY)
}
