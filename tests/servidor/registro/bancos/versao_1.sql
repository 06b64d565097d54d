PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE acontecimentos (
    id INTEGER PRIMARY KEY,
    hora_ms INTEGER NOT NULL,
    tipo TEXT NOT NULL,
    sala TEXT NOT NULL,
    nome TEXT NOT NULL,
    por TEXT NOT NULL
) STRICT;
INSERT INTO "acontecimentos" VALUES(1,1795001000000,'conectou','','Ana','');
INSERT INTO "acontecimentos" VALUES(2,1795001000000,'conectou','','Bia Conceição','');
INSERT INTO "acontecimentos" VALUES(3,1795001000000,'conectou','','Caio','');
INSERT INTO "acontecimentos" VALUES(4,1795001000000,'conectou','','Davi','');
INSERT INTO "acontecimentos" VALUES(5,1795001000000,'criou','Frações','Ana','');
INSERT INTO "acontecimentos" VALUES(6,1795001000000,'entrou','Frações','Ana','');
INSERT INTO "acontecimentos" VALUES(7,1795001000000,'criou','segredo','Ana','');
INSERT INTO "acontecimentos" VALUES(8,1795001000000,'entrou','segredo','Ana','');
INSERT INTO "acontecimentos" VALUES(9,1795001000000,'registrou','','Bia Conceição','');
INSERT INTO "acontecimentos" VALUES(10,1795001000000,'entrou','Frações','Bia Conceição','');
INSERT INTO "acontecimentos" VALUES(11,1795001000000,'entrou','geral','Bia Conceição','');
INSERT INTO "acontecimentos" VALUES(12,1795001000000,'entrou','Frações','Caio','');
INSERT INTO "acontecimentos" VALUES(13,1795001000000,'entrou','geral','Caio','');
INSERT INTO "acontecimentos" VALUES(14,1795001000000,'entrou','Frações','Davi','');
INSERT INTO "acontecimentos" VALUES(15,1795001000000,'entrou','geral','Davi','');
INSERT INTO "acontecimentos" VALUES(16,1795001000000,'moderador','Frações','Caio','');
INSERT INTO "acontecimentos" VALUES(17,1795001000000,'baniu','Frações','Davi','Ana');
INSERT INTO "acontecimentos" VALUES(18,1795001000000,'banido','Frações','Davi','Ana');
INSERT INTO "acontecimentos" VALUES(19,1795001000000,'baniu','Frações','Ausente','Ana');
INSERT INTO "acontecimentos" VALUES(20,1795001000000,'criou','efêmera','Davi','');
INSERT INTO "acontecimentos" VALUES(21,1795001000000,'entrou','efêmera','Davi','');
INSERT INTO "acontecimentos" VALUES(22,1795001000000,'saiu','efêmera','Davi','');
INSERT INTO "acontecimentos" VALUES(23,1795001000000,'removida','efêmera','','');
INSERT INTO "acontecimentos" VALUES(24,1795001000000,'baniu','','Intruso','Servidor');
INSERT INTO "acontecimentos" VALUES(25,1795001000000,'caiu','Frações','Caio','');
INSERT INTO "acontecimentos" VALUES(26,1795001000000,'caiu','geral','Caio','');
CREATE TABLE banidos (
    sala_id INTEGER NOT NULL,
    marca TEXT NOT NULL,
    grupo TEXT NOT NULL,
    PRIMARY KEY (sala_id, marca)
) STRICT, WITHOUT ROWID;
INSERT INTO "banidos" VALUES(0,'intruso','intruso');
INSERT INTO "banidos" VALUES(6,'ausente','ausente');
INSERT INTO "banidos" VALUES(6,'bf4e99a883c0ef3aa8897d4266fc6977cfcc1ea2c33b0472ec75edbc2144394a','davi');
INSERT INTO "banidos" VALUES(6,'davi','davi');
CREATE TABLE contas (
    chave TEXT PRIMARY KEY,
    nome TEXT NOT NULL,
    senha TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "contas" VALUES('bia conceição','Bia Conceição','scrypt$16384$8$1$39b7e669f3a2fc3ccf1797c98f35580a$590ba242430378bb6c9d9abfd790fae77757b26f9ab1cb4d6d3cebc99b9514db');
CREATE TABLE lugares (
    sala_id INTEGER NOT NULL,
    ficha TEXT NOT NULL,
    moderador INTEGER NOT NULL,
    ordem INTEGER NOT NULL,
    PRIMARY KEY (sala_id, ficha)
) STRICT, WITHOUT ROWID;
INSERT INTO "lugares" VALUES(1,'7d520c8a773b5f831a43c4683b75ec1b6de7680077a3e42af3a719dc071323d3',0,1);
INSERT INTO "lugares" VALUES(1,'9033d2dc5e95f397812a0fb97d99ce9e23493da98e1fddb2a8f5510a304a39cf',0,2);
INSERT INTO "lugares" VALUES(1,'bf4e99a883c0ef3aa8897d4266fc6977cfcc1ea2c33b0472ec75edbc2144394a',0,3);
INSERT INTO "lugares" VALUES(6,'7d520c8a773b5f831a43c4683b75ec1b6de7680077a3e42af3a719dc071323d3',0,2);
INSERT INTO "lugares" VALUES(6,'9033d2dc5e95f397812a0fb97d99ce9e23493da98e1fddb2a8f5510a304a39cf',1,3);
INSERT INTO "lugares" VALUES(6,'beb40799151290c82706d66a222f9b3c89f1f5df105e93685063ba9f0f175a18',1,1);
INSERT INTO "lugares" VALUES(7,'beb40799151290c82706d66a222f9b3c89f1f5df105e93685063ba9f0f175a18',1,1);
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
INSERT INTO "mensagens" VALUES(1,1,'Bia Conceição','bia conceição','👩🏽‍🚀 olá',1795001000000,NULL);
INSERT INTO "mensagens" VALUES(6,1,'Ana','ana','fala 0
''aspas'' e ponto; e vírgula',1795001000000,'ref-0');
INSERT INTO "mensagens" VALUES(6,2,'Bia Conceição','bia conceição','fala 1
''aspas'' e ponto; e vírgula',1795001000000,'ref-1');
INSERT INTO "mensagens" VALUES(6,3,'Caio','caio','fala 2
''aspas'' e ponto; e vírgula',1795001000000,'ref-2');
INSERT INTO "mensagens" VALUES(6,4,'Davi','davi','fala 3
''aspas'' e ponto; e vírgula',1795001000000,'ref-3');
INSERT INTO "mensagens" VALUES(6,5,'Ana','ana','fala 4
''aspas'' e ponto; e vírgula',1795001000000,'ref-4');
INSERT INTO "mensagens" VALUES(6,6,'Bia Conceição','bia conceição','fala 5
''aspas'' e ponto; e vírgula',1795001000000,'ref-5');
INSERT INTO "mensagens" VALUES(6,7,'Caio','caio','fala 6
''aspas'' e ponto; e vírgula',1795001000000,'ref-6');
INSERT INTO "mensagens" VALUES(6,8,'Davi','davi','fala 7
''aspas'' e ponto; e vírgula',1795001000000,'ref-7');
INSERT INTO "mensagens" VALUES(6,9,'Ana','ana','fala 8
''aspas'' e ponto; e vírgula',1795001000000,'ref-8');
INSERT INTO "mensagens" VALUES(6,10,'Bia Conceição','bia conceição','fala 9
''aspas'' e ponto; e vírgula',1795001000000,'ref-9');
INSERT INTO "mensagens" VALUES(6,11,'Caio','caio','fala 10
''aspas'' e ponto; e vírgula',1795001000000,'ref-10');
INSERT INTO "mensagens" VALUES(6,12,'Davi','davi','fala 11
''aspas'' e ponto; e vírgula',1795001000000,'ref-11');
INSERT INTO "mensagens" VALUES(8,1,'Davi','davi','vai sumir',1795001000000,NULL);
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
INSERT INTO "salas" VALUES(1,'geral',1,'Assuntos gerais da turma',NULL,NULL,NULL,1);
INSERT INTO "salas" VALUES(6,'Frações',0,'Metades e terços',NULL,'Ana','beb40799151290c82706d66a222f9b3c89f1f5df105e93685063ba9f0f175a18',1);
INSERT INTO "salas" VALUES(7,'segredo',0,'','scrypt$16384$8$1$b22fc4c63fac044157806b0cc2da16d3$d023600f208a98554ac8d78a10abf2f244331809810d0b6ab3074e0d213e59b8','Ana','beb40799151290c82706d66a222f9b3c89f1f5df105e93685063ba9f0f175a18',1);
INSERT INTO "salas" VALUES(8,'efêmera',0,'',NULL,'Davi','bf4e99a883c0ef3aa8897d4266fc6977cfcc1ea2c33b0472ec75edbc2144394a',0);
CREATE TABLE usuarios (
    ficha TEXT PRIMARY KEY,
    nome TEXT NOT NULL,
    contas TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "usuarios" VALUES('7d520c8a773b5f831a43c4683b75ec1b6de7680077a3e42af3a719dc071323d3','Bia Conceição','bia conceição');
INSERT INTO "usuarios" VALUES('9033d2dc5e95f397812a0fb97d99ce9e23493da98e1fddb2a8f5510a304a39cf','Caio','');
INSERT INTO "usuarios" VALUES('beb40799151290c82706d66a222f9b3c89f1f5df105e93685063ba9f0f175a18','Ana','');
INSERT INTO "usuarios" VALUES('bf4e99a883c0ef3aa8897d4266fc6977cfcc1ea2c33b0472ec75edbc2144394a','Davi','');
CREATE INDEX salas_vivas ON salas (viva) WHERE viva = 1;
CREATE INDEX mensagens_por_ref ON mensagens (ref, sala_id, chave_de, hora_ms) WHERE ref IS NOT NULL;
CREATE INDEX mensagens_por_hora ON mensagens (hora_ms);
CREATE INDEX acontecimentos_por_hora ON acontecimentos (hora_ms);
COMMIT;
