"""Where each text came from, and new versions of shipped texts that wait for a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The beginnings of the digests of all texts that the first release shipped. What else was loaded, people here loaded.
_SHIPPED = """
    01d0727be530 022b47ae6711 02ca94542832 02e464412f78 0438e092c8e0 0463301dbcc8 04d37ec767e3
    051dfe1e2742 08d8d5e9b92e 0b1f89d5bc65 0b55cef2daa7 0d22df9de96c 0eaaaa4e7210 0ecf9aa841ad
    0fb5aa0fef15 1233282a1e6f 12f4c00bb761 137c407d4d14 19d8f2d89e90 1bc2688215d9 1de11c11700c
    2111d22b2f43 2485681d5b7a 27237c76953c 29363a392e72 2b13d306f750 2ec85cc257d7 31b8459e5b96
    35643ba27ceb 38337e7cfb9d 3d1d52c3d81d 3fae5491828d 417c18b87306 4673e5f70e95 4a8afd069549
    4b6c46b36e01 4fb3d1e41c97 4fc94416f7b1 57d552309adf 58aab3d4e237 5ca1c8d2ef8c 5fc000435887
    61dac705f499 62a2118bbc83 67ad5a254775 6817857086d1 68de0de8f87c 69ce66b50baa 6a193e1c00c3
    6a4e5f697acc 6c1c838fb576 6cdc55837330 70b83a923fc8 70ddc57cf521 71609dfe051e 723213bd8884
    723b5ab6b2fd 7418610b4dd0 76c250ad3490 76d7268e6bb9 7adb6d1eec34 7b04f4ca05f5 7f7c2abf706c
    7f98702cdace 8054a7586190 80ffc6f056ba 81fbc4f3d649 82134a3f2ab4 83517621e2d5 84cafae7fced
    852457c74039 85c724496390 8b3065f6912d 8eb58d2ba9e3 8ff13081e070 8ffd7065653f 91e3892c4291
    9ac4f7de6f4f 9d107f051df4 9dad2ced4eb1 9e4f0ac6215b 9e9907c658ea a11e1242da14 a795d33a6387
    a845a5d1f7c3 a9dfe064426b aa00016f36ec ab06d5f84512 ae1a4fa7ff79 ae59370c1206 afd61b4df852
    b34dc670ab78 b428ced55b4c b46f3084ff50 b9737af9375e bacbf4a520f3 bea1b0955632 c194da43f9e8
    c3bd616f47b1 c6a020cd7661 ccb4ae8ef086 ce2f16d1bac7 d20db4df7ee0 d3061efda4ae d51f34e9661c
    d82bf9a127e2 d96eba6b3e3a da39c1f3026c da52b78dd72d db2617c8c323 e0a0db4bc7ea e3ead37baab0
    e52d1447fd4b e6c46546aba3 e8699cf12902 e999883d928e eba64852a784 ef573dc41040 efdfe88dba76
    f033ad4a7a5a f0b88767ed26 f1ac1bcc8c3e f24d4da95ce3 f38e1982ff92 f855983d4b2d fc35e57c6b88
    ff76c1ee5efb fffbca410933
"""


def upgrade() -> None:
    with op.batch_alter_table("content_item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("origin", sa.String(length=16), nullable=False, server_default="redaktion")
        )
    connection = op.get_bind()
    items = sa.table("content_item", sa.column("id"), sa.column("loaded_digest"), sa.column("origin"))
    shipped = set(_SHIPPED.split())
    loaded = connection.execute(
        sa.select(items.c.id, items.c.loaded_digest).where(items.c.loaded_digest.is_not(None))
    ).all()
    for row in loaded:
        origin = "radrum" if row.loaded_digest[:12] in shipped else "inlasning"
        connection.execute(sa.update(items).where(items.c.id == row.id).values(origin=origin))
    with op.batch_alter_table("content_item", schema=None) as batch_op:
        batch_op.alter_column("origin", server_default=None)
    op.create_table(
        "shipped_version",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["content_item.id"],
            name=op.f("fk_shipped_version_item_id_content_item"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_shipped_version")),
    )


def downgrade() -> None:
    op.drop_table("shipped_version")
    with op.batch_alter_table("content_item", schema=None) as batch_op:
        batch_op.drop_column("origin")
