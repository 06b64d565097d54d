"""As tabelas do banco, a versão delas e como se chega a cada uma a partir da anterior."""

VERSAO_DO_ESQUEMA = 3
IDENTIDADE_DO_BANCO = int.from_bytes(b"CHMS", "big")
"""O ``application_id`` do arquivo, desde a versão 2: diz que o banco é deste programa."""

_FALAS = """
CREATE TABLE falas (
    sala_id INTEGER NOT NULL,
    ultima INTEGER NOT NULL,
    quantas INTEGER NOT NULL,
    de TEXT NOT NULL,
    chave_de TEXT NOT NULL,
    textos TEXT NOT NULL,
    hora_ms INTEGER NOT NULL,
    refs TEXT
) STRICT;
CREATE UNIQUE INDEX falas_por_seq ON falas (sala_id, ultima);
CREATE INDEX falas_por_hora ON falas (hora_ms);

CREATE TABLE refs (
    ref TEXT NOT NULL,
    sala_id INTEGER NOT NULL,
    chave_de TEXT NOT NULL,
    hora_ms INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (ref, sala_id, chave_de, hora_ms, seq)
) STRICT, WITHOUT ROWID;

CREATE VIEW mensagens (sala_id, seq, de, chave_de, texto, hora_ms, ref) AS
    SELECT sala_id, ultima - quantas + 1 + texto.key, de, chave_de, texto.value, hora_ms, json_extract(refs, '$[' || texto.key || ']')
    FROM falas, json_each(textos) AS texto;
"""
"""Uma linha por fala: mensagens seguidas de uma pessoa numa sala, gravadas juntas, com os textos e as refs em listas JSON.

Em páginas acrescentadas no fim, e não numa por sala: gravar pouco em muitas salas custa um terço. A vista mostra-as uma a uma
a quem abra o banco com outro programa. É também o que o passo 3 cria: quem mudar isto guarda nele a forma de antes.
"""

TABELAS = _FALAS + """
CREATE TABLE salas (
    sala_id INTEGER PRIMARY KEY,
    nome TEXT NOT NULL,
    fixa INTEGER NOT NULL,
    assunto TEXT NOT NULL,
    senha TEXT,
    criador TEXT,
    criador_ficha TEXT,
    viva INTEGER NOT NULL
) STRICT;
CREATE INDEX salas_vivas ON salas (viva) WHERE viva = 1;

CREATE TABLE acontecimentos (
    id INTEGER PRIMARY KEY,
    hora_ms INTEGER NOT NULL,
    tipo TEXT NOT NULL,
    sala TEXT NOT NULL,
    nome TEXT NOT NULL,
    por TEXT NOT NULL
) STRICT;
CREATE INDEX acontecimentos_por_hora ON acontecimentos (hora_ms);

CREATE TABLE usuarios (
    ficha TEXT PRIMARY KEY,
    nome TEXT NOT NULL,
    contas TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contas (
    chave TEXT PRIMARY KEY,
    nome TEXT NOT NULL,
    senha TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lugares (
    sala_id INTEGER NOT NULL,
    ficha TEXT NOT NULL,
    moderador INTEGER NOT NULL,
    ordem INTEGER NOT NULL,
    nomes TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (sala_id, ficha)
) STRICT, WITHOUT ROWID;

CREATE TABLE banidos (
    sala_id INTEGER NOT NULL,
    marca TEXT NOT NULL,
    grupo TEXT NOT NULL,
    PRIMARY KEY (sala_id, marca)
) STRICT, WITHOUT ROWID;
"""

ATUALIZACOES: dict[int, tuple[str, ...]] = {
    2: ("ALTER TABLE lugares ADD COLUMN nomes TEXT NOT NULL DEFAULT ''",),
    3: (
        "ALTER TABLE mensagens RENAME TO antigas",
        *_FALAS.split(";\n"),
        "INSERT INTO falas SELECT sala_id, seq, 1, de, chave_de, json_array(texto), hora_ms, iif(ref IS NULL, NULL, json_array(ref))"
        " FROM antigas ORDER BY hora_ms",
        "INSERT INTO refs SELECT ref, sala_id, chave_de, hora_ms, seq FROM antigas WHERE ref IS NOT NULL",
        "DROP TABLE antigas",
    ),
}
"""O que leva o banco a cada versão, a partir da anterior."""
