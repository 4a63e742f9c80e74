"""Every audit event with the keys it carries and its name in Swedish. Other keys are an error."""

EVENTS: dict[str, tuple[str, frozenset[str]]] = {
    # library
    "item.created": ("Text skapad", frozenset({"kind", "slug"})),
    "item.saved": ("Utkast sparat", frozenset({"slug", "revision"})),
    "item.submitted": ("Skickad till granskning", frozenset({"slug", "revision"})),
    "item.approved": ("Godkänd", frozenset({"slug", "revision"})),
    "item.changes_requested": ("Ändring begärd", frozenset({"slug", "revision"})),
    "item.published": ("Publicerad", frozenset({"slug", "version", "way"})),
    "item.withdrawn": ("Avpublicerad", frozenset({"slug", "replacement"})),
    "item.restored": ("Äldre version hämtad", frozenset({"slug", "revision", "from_revision"})),
    "item.confirmed": ("Granskad av organisationen", frozenset({"slug", "version"})),
    "item.renamed": ("Adress ändrad", frozenset({"slug", "old_slug"})),
    "library.loaded": (
        "Innehåll inläst",
        frozenset({"source", "created", "updated", "unchanged", "kept", "failed"}),
    ),
    # accounts
    "account.created": ("Konto skapat", frozenset({"way"})),
    "account.invited": ("Inbjudan skapad", frozenset({"unit"})),
    "account.signed_in": ("Inloggning", frozenset()),
    "account.sign_in_failed": ("Misslyckad inloggning", frozenset({"reason"})),
    "account.signed_out": ("Utloggning", frozenset()),
    "account.session_ended": ("Inloggning avslutad", frozenset({"reason"})),
    "account.password_changed": ("Lösenord bytt", frozenset({"way"})),
    "account.link_created": ("Engångslänk skapad", frozenset({"purpose"})),
    "account.link_withdrawn": ("Inbjudan återkallad", frozenset({"purpose"})),
    "account.roles_changed": ("Roller ändrade", frozenset({"unit", "roles"})),
    "account.closed": ("Konto stängt", frozenset()),
    "account.reopened": ("Konto öppnat", frozenset()),
    "unit.created": ("Enhet skapad", frozenset({"name"})),
    "unit.renamed": ("Enhet ändrad", frozenset({"name"})),
    "settings.changed": ("Inställning ändrad", frozenset({"setting"})),
    "mail.handled": ("Sparat mejl hanterat", frozenset({"message"})),
    "mail.sent_again": ("Sparat mejl skickat igen", frozenset({"message"})),
    "mail.tested": ("Provmejl skickat", frozenset()),
    # runs
    "run.started": ("Checklista startad", frozenset({"unit", "checklist", "exercise"})),
    "run.invited": ("Person inbjuden till genomförande", frozenset({"person"})),
    "run.finished": ("Checklista avslutad", frozenset({"unit"})),
    "run.disposed": ("Genomförande gallrat", frozenset({"unit", "decision"})),
    # operations
    "search.rebuilt": ("Sökindex byggt", frozenset({"documents", "reason"})),
    "ops.backup": ("Säkerhetskopia gjord", frozenset({"bytes"})),
    "ops.restored": ("Säkerhetskopia återställd", frozenset()),
}
