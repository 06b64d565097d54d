"""O que passa do prazo é apagado aos poucos, e a seq de uma sala nunca volta atrás."""

from __future__ import annotations

import pytest

from servidor.nucleo.portas import Anotacao, LinhaDeSala, MensagemGravada
from servidor.rede.arquivista import Arquivista
from servidor.registro.arquivo import ArquivoEmSqlite
from tests.servidor.nucleo.palco import Cena
from tests.servidor.registro.conftest import Abrir
from tests.servidor.registro.soltas import soltas
from tests.servidor.registro.test_auditoria import LacoDeMentira

_DIA_MS = 24 * 3600 * 1000


def gravar(arquivo: ArquivoEmSqlite, sala_id: int, *horas_ms: int, viva: bool = True) -> None:
    """Uma sala com uma mensagem e um acontecimento em cada uma destas horas."""
    sala = LinhaDeSala(sala_id, f"sala {sala_id}", False, "", None, None, None)
    falas = [MensagemGravada(sala_id, seq, "Ana", "ana", f"fala {seq}", hora, f"r{seq}") for seq, hora in enumerate(horas_ms, 1)]
    arquivo.gravar(soltas(falas), {(LinhaDeSala, sala_id): sala}, [Anotacao(hora, "entrou", "", "Ana", "") for hora in horas_ms])
    if not viva:
        arquivo.gravar([], {(LinhaDeSala, sala_id): None})


def seqs(arquivo: ArquivoEmSqlite, sala_id: int) -> list[int]:
    """As que ainda há."""
    return [m.seq for m in arquivo.mensagens(sala_id, depois=0, antes=None, limite=9999, mais_antigas=True)]


def contar(arquivo: ArquivoEmSqlite, tabela: str) -> int:
    """Quantas linhas há."""
    return arquivo._ler(f"SELECT count(*) FROM {tabela}")[0][0]


def test_apaga_so_o_velho(abrir: Abrir) -> None:
    """A última de cada sala viva fica, mesmo velha; as das que já não existem, não."""
    arquivo = abrir()
    gravar(arquivo, 1, 10, 20, 30)
    gravar(arquivo, 2, 10, 20)
    gravar(arquivo, 3, 10, 20, viva=False)
    gravar(arquivo, 4, 10, 30, viva=False)
    while arquivo.esquecer(25):
        pass
    assert [seqs(arquivo, sala_id) for sala_id in (1, 2, 3, 4)] == [[3], [2], [], [2]]
    assert contar(arquivo, "acontecimentos") == 2
    assert arquivo.por_ref(1, "ana", "r1", 0) is None and arquivo.por_ref(1, "ana", "r3", 0) == (3, 30)


def test_a_seq_nao_volta_depois_de_tudo_envelhecer_e_reabrir(abrir: Abrir) -> None:
    """Quem tinha visto até a seq 3 recebe a 4 como nova."""
    arquivo = abrir()
    gravar(arquivo, 1, 10, 20, 30)
    while arquivo.esquecer(10**12):
        pass
    arquivo = abrir()
    assert arquivo.ultima_seq(1) == 3
    cena = Cena(arquivo=arquivo)
    cena.operar("/fixar sala 1")
    gravada = arquivo._ler("SELECT max(seq) FROM mensagens WHERE sala_id = 1")[0][0]
    assert gravada == 3


def test_aos_poucos(abrir: Abrir) -> None:
    """Uma vez não apaga mais que 500 linhas de cada tabela: a conversa não espera."""
    arquivo = abrir()
    gravar(arquivo, 1, *range(1, 1203))
    restam = []
    while arquivo.esquecer(10**12):
        restam.append((len(seqs(arquivo, 1)), contar(arquivo, "acontecimentos")))
    assert restam == [(702, 702), (202, 202), (1, 0)]


def test_aos_poucos_mesmo_que_cada_fala_seja_grande(abrir: Abrir) -> None:
    """O que se conta são mensagens."""
    arquivo = abrir()
    for n in range(20):
        arquivo.gravar([(1, n * 200 + 1, "Ana", "ana", ["oi"] * 200, n, [f"r{n}-{m}" for m in range(200)])], {})
    restam = []
    while arquivo.esquecer(10**12):
        restam.append((contar(arquivo, "falas"), contar(arquivo, "refs")))
    assert restam == [(17, 3400), (14, 2800), (11, 2200), (8, 1600), (5, 1000), (2, 400)] + [(0, 0)]


def test_o_arquivista_limpa_e_volta_de_hora_em_hora(abrir: Abrir) -> None:
    """Enquanto há o que apagar, logo em seguida; depois, daqui a uma hora. Zero dias guarda tudo."""
    arquivo = abrir()
    cena, laco = Cena(), LacoDeMentira()
    agora_ms = cena.relogio.hora_ms()
    gravar(arquivo, 1, agora_ms - 3 * _DIA_MS, agora_ms - 2 * _DIA_MS - 1, agora_ms - 2 * _DIA_MS + 1, agora_ms)
    arquivista = Arquivista(laco, arquivo, cena.relogio, lambda _: None)
    arquivista.guardar_por(0)
    assert not laco.fila
    arquivista.guardar_por(2)
    for _ in range(3):
        laco.girar()
    assert seqs(arquivo, 1) == [3, 4]
    assert laco.esperas == [0.02, 3600.0, 3600.0] and len(laco.fila) == 1


def test_com_o_disco_cheio_tenta_mais_tarde(
    abrir: Abrir, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Só se conta no registro; o servidor segue."""
    arquivo = abrir()
    gravar(arquivo, 1, 1, 2)
    arquivo._conexao.execute("PRAGMA query_only = ON")
    laco = LacoDeMentira()
    Arquivista(laco, arquivo, Cena().relogio, lambda _: None).guardar_por(1)
    laco.girar()
    assert laco.esperas == [3600.0] and "não pôde ser apagado" in caplog.text
    arquivo._conexao.execute("PRAGMA query_only = OFF")
    laco.girar()
    assert seqs(arquivo, 1) == [2]
