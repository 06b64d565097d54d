"""O que a cópia de uma conversa escreve, em texto e em página, e como o arquivo aparece (ou não)."""

from __future__ import annotations

import errno
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from cliente.sessao.tipos import Aviso, Mensagem, TipoDeAviso
from cliente.telas.copia import arquivo
from cliente.telas.copia.arquivo import ArquivoNovo, explicar
from cliente.telas.copia.em_html import EmHtml
from cliente.telas.copia.em_texto import EmTexto
from cliente.telas.copia.redator import Avisos, Redator, Titulo

MEIO_DIA_MS = int(datetime(2026, 11, 21, 12).timestamp() * 1000)
UM_DIA_MS = 24 * 60 * 60 * 1000
HOSTIS = ["<script>alert(1)</script>", "</div></main><h1>fim</h1>", "\" onmouseover=\"x", "&lt;b&gt; &amp;",
          "<img src=x onerror=alert(1)>", "`<svg/onload=alert(1)>`", "https://a.b/\"><script>x</script>",
          "javascript:alert(1)", "]]> --> <!--", "https://a.b/'onclick='x"]


def fala(seq: int, texto: str = "oi", de: str = "Bob", hora_ms: int = MEIO_DIA_MS, minha: bool = False) -> Mensagem:
    """Uma mensagem qualquer."""
    return Mensagem(seq, seq, de, texto, hora_ms, minha)


def copiar(forma: Any, linhas: list[Any], e_privada: bool = False) -> str:
    """A cópia inteira."""
    titulo = Titulo("Bob" if e_privada else "#geral", e_privada, "Avisos & tarefas", "Turma (127.0.0.1:12345)", "Ana",
                    MEIO_DIA_MS)
    redator = Redator(forma, titulo)
    return redator.comecar() + redator.escrever(linhas) + redator.acabar()


class Leitor(HTMLParser):
    """O que um navegador entenderia: elementos, atributos e o texto."""

    def __init__(self, pagina: str) -> None:
        super().__init__()
        self.elementos: list[str] = []
        self.atributos: list[tuple[str, str | None]] = []
        self.texto = ""
        self.feed(pagina)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elementos.append(tag)
        self.atributos += attrs

    def handle_data(self, data: str) -> None:
        self.texto += data


def test_texto_com_dias_horas_e_avisos() -> None:
    copia = copiar(EmTexto(), [
        fala(1, "bom dia"), Aviso(2, TipoDeAviso.ENTROU, "Caio entrou na sala.", MEIO_DIA_MS),
        Aviso(3, TipoDeAviso.ROBO, "pong", MEIO_DIA_MS), fala(4, "até", "Ana", MEIO_DIA_MS + UM_DIA_MS, True)])
    assert copia.startswith("#geral\nAvisos & tarefas\nTurma (127.0.0.1:12345)\nCopiada por Ana em 21/11/2026, às 12:00\n")
    assert "— Sábado, 21 de novembro de 2026 —\n\n[12:00] Bob: bom dia\n[12:00] * Caio entrou na sala.\n" in copia
    assert "[12:00] * Robô: pong\n\n— Domingo, 22 de novembro de 2026 —\n\n[12:00] Ana: até\n" in copia
    assert copia.endswith("\n2 mensagens\n")


@pytest.mark.parametrize("quebra", ["\n", "\u2028", "\u2029"])
def test_em_texto_ninguem_finge_a_fala_de_outro(quebra: str) -> None:
    copia = copiar(EmTexto(), [fala(1, f"oi{quebra}[12:00] Ana: eu disse isto")])
    assert not any(linha.startswith("[12:00] Ana") for linha in copia.splitlines())


def test_na_pagina_nada_do_que_se_escreveu_vira_marcacao() -> None:
    linhas = [fala(n, texto) for n, texto in enumerate(HOSTIS, 1)]
    linhas.append(Aviso(99, TipoDeAviso.AVISO_GERAL, HOSTIS[0], MEIO_DIA_MS))
    pagina = Leitor(copiar(EmHtml(), linhas))
    assert not {"script", "img", "svg", "iframe", "form", "base", "link"} & set(pagina.elementos)
    assert not any(nome.startswith("on") for nome, _ in pagina.atributos)
    ligacoes = [valor for nome, valor in pagina.atributos if nome in ("href", "src")]
    assert ligacoes and all(valor is not None and valor.startswith("https://a.b/") for valor in ligacoes)
    assert pagina.elementos.count("main") == 1 and pagina.elementos.count("h1") == 1
    for texto in HOSTIS:
        assert texto.strip("`") in pagina.texto


def test_pagina_de_um_arquivo_so_clara_ou_escura() -> None:
    copia = copiar(EmHtml(), [fala(1, "@Ana veja `x < y`"), fala(2, "e isto"), fala(3, "vi", "Ana", minha=True)])
    assert "prefers-color-scheme: dark" in copia and "default-src 'none'" in copia
    assert copia.count('<article class="fala') == 2 and copia.count('<article class="continua') == 1
    assert '<article class="fala chama">' in copia and "<code>x &lt; y</code>" in copia and "você" in copia
    assert "http" not in copia.replace("http-equiv", "")  # nada de fora
    assert "privada" in copiar(EmHtml(), [fala(1)], e_privada=True)


def test_cada_aviso_depois_da_sua_mensagem() -> None:
    entrou, saiu = (Aviso(n, TipoDeAviso.ENTROU, str(n), MEIO_DIA_MS) for n in (90, 91))
    avisos = Avisos([fala(5), entrou, fala(6), saiu], 5)
    assert avisos.intercalar([fala(1), fala(5)]) == [fala(1), fala(5)]
    assert avisos.intercalar([fala(6)]) == [entrou, fala(6)]
    assert avisos.esgotar() == [saiu] and avisos.esgotar() == []


def test_o_arquivo_so_aparece_inteiro(tmp_path: Path) -> None:
    pasta = tmp_path / "copias"
    pasta.mkdir()
    destino = pasta / "c.txt"
    destino.write_text("o de antes")
    novo = ArquivoNovo(str(destino))
    novo.escrever("metade")
    assert destino.read_text() == "o de antes"
    novo.desistir()
    assert destino.read_text() == "o de antes" and list(pasta.iterdir()) == [destino]
    novo = ArquivoNovo(str(destino))
    novo.escrever("ção 🙂")
    novo.concluir()
    assert destino.read_bytes() == "ção 🙂".encode() and list(pasta.iterdir()) == [destino]


def test_disco_cheio_desfaz_e_diz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def encher(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    pasta = tmp_path / "copias"
    pasta.mkdir()
    novo = ArquivoNovo(str(pasta / "c.txt"))
    novo.escrever("x")
    monkeypatch.setattr(arquivo.os, "fsync", encher)
    with pytest.raises(OSError) as erro:
        novo.concluir()
    assert explicar(erro.value) == "O disco está cheio." and list(pasta.iterdir()) == []


def test_explica_sem_jargao(tmp_path: Path) -> None:
    for caminho, frase in ((tmp_path, "Já existe uma pasta com esse nome."),
                           (tmp_path / "nao" / "c.txt", "A pasta escolhida não existe mais.")):
        with pytest.raises(OSError) as erro:
            ArquivoNovo(str(caminho))
        assert explicar(erro.value) == frase
    assert explicar(PermissionError(errno.EACCES, "x")) == "Não há permissão para gravar nessa pasta."
