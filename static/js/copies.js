// What the service worker keeps on the device, as pages see it.
const ALL = 'radrum-'
const PERSON = 'radrum-person-'

// Nothing of any person stays; the open pages do.
export async function forgetPersons() {
  if (!('caches' in window)) return
  for (const name of await caches.keys()) if (name.startsWith(PERSON)) await caches.delete(name)
}

// Nothing at all may be kept: the worker goes too.
export async function clearCopies() {
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister()
  for (const name of await caches.keys()) if (name.startsWith(ALL)) await caches.delete(name)
}

// The list that is kept under an address, or null.
export async function keptList(address) {
  if (!('caches' in window)) return null
  for (const name of await caches.keys()) {
    const kept = name.startsWith(ALL) && await (await caches.open(name)).match(address)
    if (kept) return kept.json()
  }
  return null
}
