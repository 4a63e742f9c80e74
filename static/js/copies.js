// What the service worker keeps on the device, as pages see it.
const ALL = 'radrum-'
const PERSON = 'radrum-person-'

// Nothing of any person stays; the open pages do.
export async function forgetPersons() {
  if (!('caches' in window)) return
  for (const name of await caches.keys()) if (name.startsWith(PERSON)) await caches.delete(name)
}

// The page of a run that was started here, kept until the server knows the run.
export async function keepMade(person, address, html, like) {
  const headers = new Headers(like.headers)
  for (const name of ['Content-Length', 'Content-Encoding']) headers.delete(name)
  headers.set('X-Made-Here', 'ja')
  headers.set('X-Kept-At', new Date().toISOString())
  await (await caches.open(PERSON + person)).put(address, new Response(html, { headers }))
}

export async function forgetMade(person, address) {
  if ('caches' in window) await (await caches.open(PERSON + person)).delete(address)
}

// The answer that is kept under an address, or null.
export async function keptPage(address) {
  if (!('caches' in window)) return null
  for (const name of await caches.keys()) {
    const kept = name.startsWith(ALL) && await (await caches.open(name)).match(address)
    if (kept) return kept
  }
  return null
}

// Nothing at all may be kept: the worker goes too.
export async function clearCopies() {
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister()
  for (const name of await caches.keys()) if (name.startsWith(ALL)) await caches.delete(name)
}

// The list that is kept under an address, or null.
export async function keptList(address) {
  return (await keptPage(address))?.json() ?? null
}
