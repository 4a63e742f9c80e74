// What the server did not take, and what waits for an answer, of who uses the device: also of runs whose page is gone.
// <section data-module="unsent-list" data-own="…" hidden>… <div data-list></div> <template data-refused>…</template></section>
import { keptList } from '../copies.js'
import { waiting } from '../outbox.js'
import { wordsOf } from '../pending.js'
import { drop, questionBox, refusedBox } from '../unsent.js'

export default async function unsentList(place) {
  const person = document.body.dataset.person || (await keptList(place.dataset.own))?.person
  if (!person) return
  await show()

  async function show() {
    const all = (await waiting(person)).filter((change) => change.refused || change.question)
    place.hidden = !all.length
    place.querySelector('[data-list]').replaceChildren(...all.map((change) => change.refused ? refused(change) : asked(change)))
  }

  function asked(change) {
    return questionBox(place, change, { joined: (address) => location.assign(address), both: () => location.reload() })
  }

  function refused(change) {
    const box = refusedBox(place, change, [change.title, wordsOf(change)].filter(Boolean).join('\n'))
    box.querySelector('[data-again]').remove()
    box.querySelector('[data-drop]').addEventListener('click', async () => {
      await drop(change)
      await show()
    })
    return box
  }
}
