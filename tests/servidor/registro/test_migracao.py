"""Um banco da versão anterior passa à de agora no mesmo lugar, depois de uma cópia, e continua o mesmo."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from servidor.configuracao import Durabilidade
from servidor.registro import atualizacao
from servidor.registro.arquivo import ArquivoEmSqlite
from servidor.registro.banco import NOME_DO_ARQUIVO, ErroDeBanco, abrir_banco, colunas
from servidor.registro.esquema import ATUALIZACOES, IDENTIDADE_DO_BANCO, VERSAO_DO_ESQUEMA
from tests.servidor.nucleo.palco import Cena

VERSAO_1 = (Path(__file__).parent / "bancos" / "versao_1.sql").read_text(encoding="utf-8")
TABELAS_DA_VERSAO_1 = {
    "salas": "sala_id, nome, fixa, assunto, senha, criador, criador_ficha, viva",
    "mensagens": "sala_id, seq, de, chave_de, texto, hora_ms, ref",
    "acontecimentos": "id, hora_ms, tipo, sala, nome, por",
    "usuarios": "ficha, nome, contas",
    "contas": "chave, nome, senha",
    "lugares": "sala_id, ficha, moderador, ordem",
    "banidos": "sala_id, marca, grupo",
}


def criar_versao_1(pasta: Path, semente: int | None = None) -> Path:
    """O banco que o programa de antes deixou; com semente, com linhas ao acaso a mais."""
    caminho = pasta / NOME_DO_ARQUIVO
    banco = sqlite3.connect(caminho)
    banco.executescript(VERSAO_1)
    banco.execute("PRAGMA journal_mode = WAL")
    if semente is not None:
        _por_ao_acaso(banco, random.Random(semente))
    banco.commit()
    banco.close()
    return caminho


def _por_ao_acaso(banco: sqlite3.Connection, acaso: random.Random) -> None:
    def texto() -> str:
        return "".join(acaso.choice("aé 😀'\"\n;%_") for _ in range(acaso.randrange(40)))

    for sala_id in range(100, 110):
        banco.execute("INSERT INTO salas VALUES (?, ?, ?, ?, NULL, ?, NULL, ?)",
                      (sala_id, f"s{sala_id}", acaso.randrange(2), texto(), texto(), acaso.randrange(2)))  # fmt: skip
        for seq in range(1, acaso.randrange(2, 60)):
            ref = acaso.choice([None, texto()])
            banco.execute("INSERT INTO mensagens VALUES (?, ?, ?, 'x', ?, ?, ?)", (sala_id, seq, texto(), texto(), acaso.randrange(2**53), ref))
        for numero in range(acaso.randrange(9)):
            banco.execute("INSERT INTO lugares VALUES (?, ?, ?, ?)", (sala_id, f"f{numero}", acaso.randrange(2), numero))
            banco.execute("INSERT INTO banidos VALUES (?, ?, ?)", (sala_id, f"m{numero}", texto()))


def tirar_tudo(caminho: Path) -> dict[str, list[tuple[object, ...]]]:
    """Todas as linhas, nas colunas da versão 1."""
    banco = sqlite3.connect(caminho)
    try:
        return {tabela: sorted(banco.execute(f"SELECT {quais} FROM {tabela}"), key=repr) for tabela, quais in TABELAS_DA_VERSAO_1.items()}
    finally:
        banco.close()


def levar_a_versao_2(caminho: Path) -> None:
    """O mesmo banco, como o deixou o programa da versão seguinte."""
    banco = sqlite3.connect(caminho)
    for comando in (*ATUALIZACOES[2], "PRAGMA user_version = 2", f"PRAGMA application_id = {IDENTIDADE_DO_BANCO}"):
        banco.execute(comando)
    banco.commit()
    banco.close()


@pytest.mark.parametrize("versao", [1, 2])
@pytest.mark.parametrize("semente", range(5))
def test_tudo_o_que_havia_continua(tmp_path: Path, semente: int, versao: int) -> None:
    """Linha por linha; a cópia é o banco de antes, e a segunda vez não faz outra."""
    caminho = criar_versao_1(tmp_path, semente)
    if versao == 2:
        levar_a_versao_2(caminho)
    antes, avisos = tirar_tudo(caminho), []
    abrir_banco(tmp_path, Durabilidade.TOTAL, avisar=avisos.append).close()
    (copia,) = tmp_path.glob(f"conversas-versao-{versao}-20*.db")
    assert tirar_tudo(caminho) == tirar_tudo(copia) == antes
    assert len(avisos) == 1 and str(copia) in avisos[0]
    copiado = sqlite3.connect(copia)
    assert copiado.execute("PRAGMA user_version").fetchone() == (versao,)
    copiado.close()
    abrir_banco(tmp_path, Durabilidade.TOTAL, avisar=avisos.append).close()
    assert len(avisos) == 1
    assert sorted(item.name for item in tmp_path.glob("conversas*")) == sorted([NOME_DO_ARQUIVO, copia.name]), "nada provisório fica"


def test_o_atualizado_e_igual_a_um_novo(tmp_path: Path) -> None:
    """As mesmas tabelas e colunas, a mesma versão, a mesma identidade."""
    (tmp_path / "velho").mkdir()
    criar_versao_1(tmp_path / "velho")
    retratos = []
    for pasta in ("velho", "novo"):
        banco = abrir_banco(tmp_path / pasta, Durabilidade.NORMAL)
        pragmas = tuple(banco.execute(f"PRAGMA {nome}").fetchone()[0] for nome in ("user_version", "application_id", "journal_mode"))
        retratos.append((colunas(banco), pragmas))
        banco.close()
    assert retratos[0] == retratos[1]
    assert retratos[0][1] == (VERSAO_DO_ESQUEMA, IDENTIDADE_DO_BANCO, "wal")
    assert sorted(ATUALIZACOES) == list(range(2, VERSAO_DO_ESQUEMA + 1)), "há um passo para cada versão"


def test_a_conversa_continua_de_onde_estava(tmp_path: Path) -> None:
    """Quem volta com a ficha acha nome, salas, papel, histórico, contas e banidos."""
    criar_versao_1(tmp_path)
    arquivo = ArquivoEmSqlite(abrir_banco(tmp_path, Durabilidade.NORMAL))
    cena = Cena(arquivo=arquivo)
    ana, caio = cena.conectar("Ana", "ficha-2"), cena.conectar("Caio", "ficha-4")
    assert ana.chegada["salas"] == ["Frações", "segredo"]
    entrou = ana.exigir("entrar", sala="Frações", desde=0)
    assert entrou["moderador"] and entrou["ultima_seq"] == 12 and entrou["assunto"] == "Metades e terços"
    assert [m["seq"] for m in entrou["historico"]] == list(range(1, 13))
    assert entrou["historico"][7] | {"hora": ""} == {
        "sala": "Frações", "seq": 8, "de": "Davi", "texto": "fala 7\n'aspas' e ponto; e vírgula", "hora": "", "ref": "ref-7",
    }  # fmt: skip
    assert caio.exigir("entrar", sala="Frações")["moderador"]
    assert cena.conectar("Davi", "ficha-5").recusado("entrar", sala="Frações") == "banido"
    assert cena.ligar().exigir("ola", versao=1)
    outra = cena.ligar()
    outra.exigir("ola", versao=1)
    assert outra.recusado("identificar", nome="bia conceição") in ("nome_em_uso", "senha_exigida")
    assert outra.recusado("identificar", nome="intruso") == "banido"
    assert ana.exigir("mensagem", sala="Frações", texto="de novo", ref="ref-0")["repetida"]
    arquivo.fechar()


def test_uma_falha_no_meio_deixa_como_estava(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uma transação só: ou a versão nova inteira, ou a de antes."""
    caminho = criar_versao_1(tmp_path)
    antes = tirar_tudo(caminho)
    with monkeypatch.context() as remendo:
        remendo.setitem(ATUALIZACOES, 2, (*ATUALIZACOES[2], "ISTO NÃO É SQL"))
        with pytest.raises(ErroDeBanco):
            abrir_banco(tmp_path, Durabilidade.TOTAL)
    banco = sqlite3.connect(caminho)
    assert banco.execute("PRAGMA user_version").fetchone() == (1,) and ("lugares", "nomes") not in colunas(banco)
    banco.close()
    assert tirar_tudo(caminho) == antes
    abrir_banco(tmp_path, Durabilidade.TOTAL).close()


def test_sem_copia_nao_se_atualiza(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sem onde pôr a cópia, uma frase; o banco fica na versão dele e nada provisório sobra."""
    caminho = criar_versao_1(tmp_path)

    def sem_espaco(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atualizacao, "_levar_ao_disco", sem_espaco)
    with pytest.raises(ErroDeBanco, match="cópia"):
        abrir_banco(tmp_path, Durabilidade.TOTAL)
    banco = sqlite3.connect(caminho)
    assert banco.execute("PRAGMA user_version").fetchone() == (1,)
    banco.close()
    assert [item.name for item in tmp_path.glob("conversas*")] == [NOME_DO_ARQUIVO]


def test_os_nomes_de_antes_atravessam_um_reinicio(tmp_path: Path) -> None:
    """Quem trocou de nome antes do reinício e foi banido depois se desbane pelo primeiro nome."""
    arquivo = ArquivoEmSqlite(abrir_banco(tmp_path, Durabilidade.NORMAL))
    cena = Cena(arquivo=arquivo)
    ana, bia = cena.conectar("Ana", salas="aula"), cena.conectar("Bia", salas="aula")
    bia.exigir("renomear", nome="Beatriz")
    cena.reiniciar()
    ana, bia = cena.voltar(ana), cena.conectar("Beatriz", bia.ficha)
    ana.exigir("entrar", sala="aula")
    bia.exigir("entrar", sala="aula")
    ana.exigir("banir", sala="aula", nome="Beatriz")
    intrusa = cena.conectar("Bia")
    assert intrusa.recusado("entrar", sala="aula") == "banido"
    ana.exigir("desbanir", sala="aula", nome="Bia")
    intrusa.exigir("entrar", sala="aula")
    bia.exigir("entrar", sala="aula")
    arquivo.fechar()
