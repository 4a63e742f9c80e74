// Signing out takes what is kept on the device along; what is not sent yet is asked about first. On the form.
import { forgetPersons } from '../copies.js'
import { forgetAll, waiting } from '../outbox.js'

export default function signOut(form) {
  form.addEventListener('submit', async (event) => {
    if (form.dataset.asked) return
    event.preventDefault()
    const count = (await waiting(form.dataset.person)).length
    const what = count === 1 ? 'En ändring i en checklista är inte skickad' : `${count} ändringar i checklistor är inte skickade`
    if (count && !confirm(`${what}. Loggar du ut tas det som väntar bort från den här enheten. Logga ut ändå?`)) return
    await forgetAll(form.dataset.person)
    await forgetPersons()
    form.dataset.asked = 'ja'
    form.requestSubmit(event.submitter)
  })
}
