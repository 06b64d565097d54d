"""As tabelas do banco, a versão delas e como se chega a cada uma a partir da anterior."""

VERSAO_DO_ESQUEMA = 2
IDENTIDADE_DO_BANCO = int.from_bytes(b"CHMS", "big")
"""O ``application_id`` do arquivo, desde a versão 2: diz que o banco é deste programa."""

TABELAS = """
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

CREATE TABLE mensagens (
    sala_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    de TEXT NOT NULL,
    chave_de TEXT NOT NULL,
    texto TEXT NOT NULL,
    hora_ms INTEGER NOT NULL,
    ref TEXT,
    PRIMARY KEY (sala_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX mensagens_por_ref ON mensagens (ref, sala_id, chave_de, hora_ms) WHERE ref IS NOT NULL;

CREATE INDEX mensagens_por_hora ON mensagens (hora_ms);

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
}
"""O que leva o banco a cada versão, a partir da anterior."""
