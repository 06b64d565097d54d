"""Exportar a conversa na janela: a sala inteira, a privada, desistir, a queda no meio, e o disco que não deixa."""

from __future__ import annotations

import errno
import re
from pathlib import Path
from typing import Any

import pytest

from cliente.sessao import porteiro
from cliente.telas import exportacao
from tests.apoio.esperas import bombear_ate
from tests.apoio.fio import Fio
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import teclar
from tests.cliente.telas.gestos import escrever, esperar_tela, esperar_texto

QUANTAS = 130


@pytest.fixture
def servidor(abrir_servidor: Any) -> ProcessoServidor:
    """Sem limite de mensagens por segundo."""
    return abrir_servidor("--taxa", "0", "--durabilidade", "normal")


@pytest.fixture
def bob(ligar: Any, servidor: ProcessoServidor) -> Fio:
    """Bob já disse 130 coisas em #geral."""
    fio = ligar("Bob", servidor=servidor)
    fio.exigir("entrar", sala="geral")
    for n in range(1, QUANTAS + 1):
        fio.exigir("mensagem", sala="geral", texto=f"fala {n}.")
    return fio


@pytest.fixture
def ana(bob: Fio, abrir_cliente: Any, servidor: ProcessoServidor, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ana em #geral, com só as últimas à mão; o servidor manda 40 por página."""
    monkeypatch.setattr(porteiro, "HISTORICO_MAX", 40)
    janela = abrir_cliente(servidor, nome="Ana", sala="geral")
    esperar_tela(janela, "#geral")
    assert janela.sessao.conversa("geral").menor_seq > 1
    monkeypatch.setattr(janela.sessao._porteiro, "_historico_max", lambda: 40)
    return janela


def escolher(janela: Any, caminho: Path) -> list[str]:
    """A pessoa escolhe este arquivo; devolve o que se sugeriu."""
    sugeridos: list[str] = []

    def responder(sugestao: str) -> str:
        sugeridos.append(sugestao)
        return str(caminho)

    janela.exportacao.escolher_arquivo = responder
    return sugeridos


def contar_falas(caminho: Path) -> list[int]:
    """Os números das falas, na ordem do arquivo."""
    return [int(n) for n in re.findall(r"fala (\d+)\.", caminho.read_text(encoding="utf-8"))]


def test_ctrl_s_copia_a_sala_inteira(ana: Any, bob: Fio, tmp_path: Path) -> None:
    bob.exigir("sair", sala="geral")
    esperar_texto(ana, "Bob saiu da sala")
    antes = len(ana.sessao.conversa("geral").linhas)
    destino = tmp_path / "aula.html"
    sugeridos = escolher(ana, destino)
    teclar(ana, "ctrl+s")
    bombear_ate(ana, destino.exists)
    assert contar_falas(destino) == list(range(1, QUANTAS + 1))
    assert "Bob saiu da sala." in destino.read_text(encoding="utf-8")
    assert sugeridos[0].startswith("geral 20") and sugeridos[0].endswith(".html")
    assert not ana.exportacao.esta_exportando and len(ana.sessao.conversa("geral").linhas) == antes


def test_o_menu_exporta_em_texto(ana: Any, tmp_path: Path) -> None:
    destino = tmp_path / "aula.txt"
    escolher(ana, destino)
    itens = ana.conversa_tela.menu.listar_itens(ana.conversa_tela.lugar)
    next(i for i in itens if i.texto == "Exportar como texto…").comando()
    bombear_ate(ana, destino.exists)
    assert contar_falas(destino) == list(range(1, QUANTAS + 1))
    assert "[" in destino.read_text(encoding="utf-8").splitlines()[-4]


def test_esc_desiste_e_nada_fica(ana: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exportacao, "ENTRE_PAGINAS_MS", 60_000)  # sem isto a cópia pode acabar antes da tecla
    destino = tmp_path / "aula.txt"
    escolher(ana, destino)
    ana.conversa_tela.exportar()
    assert ana.exportacao.esta_exportando
    bombear_ate(ana, lambda: ana.exportacao._redator.quantas > 0)
    teclar(ana, "Escape")
    bombear_ate(ana, lambda: not ana.exportacao.esta_exportando)
    assert list(tmp_path.glob("*aula*")) == list(tmp_path.glob(".copia*")) == []
    assert ana.title().startswith("#geral")


def test_sair_da_sala_no_meio_diz_por_que(ana: Any, tmp_path: Path) -> None:
    escolher(ana, tmp_path / "aula.txt")
    ana.conversa_tela.exportar()
    ana.conversa_tela.sair_da_sala()
    bombear_ate(ana, lambda: not ana.exportacao.esta_exportando)
    assert not list(tmp_path.glob(".copia*"))


def test_a_queda_no_meio_so_atrasa(ana: Any, servidor: ProcessoServidor, tmp_path: Path) -> None:
    destino = tmp_path / "aula.txt"
    escolher(ana, destino)
    ana.conversa_tela.exportar()
    bombear_ate(ana, lambda: ana.exportacao._redator.quantas > 0)
    servidor.reiniciar(matando=True)
    bombear_ate(ana, lambda: ana.faixa.esta_visivel)
    ana.faixa.acionar()
    bombear_ate(ana, destino.exists, 15)
    assert contar_falas(destino) == list(range(1, QUANTAS + 1))


def test_privada(ana: Any, bob: Fio, tmp_path: Path) -> None:
    ana.conversa_tela.mostrar_privada("Bob")
    escrever(ana, "só nós <dois>")
    esperar_texto(ana, "só nós <dois>")
    destino = tmp_path / "bob.html"
    escolher(ana, destino)
    ana.conversa_tela.exportar()
    pagina = destino.read_text(encoding="utf-8")
    assert "só nós &lt;dois&gt;" in pagina and "1 mensagem" in pagina


def test_sem_permissao_diz_e_nada_se_perde(ana: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    avisos: list[str] = []
    monkeypatch.setattr(ana, "avisar", lambda *textos, **_: avisos.append(" ".join(textos)))

    def recusar(_caminho: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(exportacao, "ArquivoNovo", recusar)
    escolher(ana, tmp_path / "aula.txt")
    ana.conversa_tela.exportar()
    assert not ana.exportacao.esta_exportando
    assert avisos == ["A conversa não foi exportada Não há permissão para gravar nessa pasta. "
                      "Nada foi gravado; a conversa continua aqui. erro"]
