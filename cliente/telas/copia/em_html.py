"""A cópia em página: um só arquivo, sem nada de fora, clara ou escura como o computador de quem a abre."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from html import escape
from string import Template

from cliente.sessao.tipos import Aviso, Mensagem, TipoDeAviso
from cliente.telas.conversa.escrita import CODIGO, NOME_DO_ROBO
from cliente.telas.copia.estilo import ESTILO
from cliente.telas.copia.redator import Titulo
from cliente.telas.datas import dizer_dia_inteiro, dizer_hora, momento_local
from cliente.telas.enlaces import e_seguro, partir
from cliente.telas.mencoes import mencionado
from interface.desenho import cor_do_avatar, iniciais

# Nem script, nem imagem, nem pedido à rede: só o estilo que vai dentro.
_PAGINA = Template("""<!DOCTYPE html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>$titulo — Chat Multissala</title>
<style>
$estilo</style>
</head>
<body>
<header>
<div class="marca" aria-hidden="true">$marca</div>
<div><h1>$titulo$selo</h1>
<p>$descricao</p></div>
</header>
<main>
""")


class EmHtml:
    """Tudo o que veio de alguém é escapado; só páginas http e https viram ligação."""

    def __init__(self) -> None:
        self._meu_nome = ""
        self._conhecidos: Collection[str] = ()
        self._e_privada = False

    def comecar(self, titulo: Titulo) -> str:
        """A página até o começo da conversa."""
        self._meu_nome, self._conhecidos, self._e_privada = titulo.meu_nome, titulo.nomes_conhecidos, titulo.e_privada
        quando = momento_local(titulo.quando_ms)
        partes = [titulo.assunto, titulo.servidor,
                  f"copiada por {titulo.meu_nome} em {quando:%d/%m/%Y}, às {quando:%H:%M}"]
        return _PAGINA.substitute(
            titulo=escape(titulo.nome), estilo=ESTILO, descricao=" · ".join(escape(parte) for parte in partes if parte),
            marca="#" if not titulo.e_privada else escape(iniciais(titulo.nome)),
            selo='<span class="selo privado">privada</span>' if titulo.e_privada else "")

    def escrever_dia(self, dia: date) -> str:
        """A data no meio de um traço."""
        return f'<h2><time datetime="{dia.isoformat()}">{dizer_dia_inteiro(dia)}</time></h2>\n'

    def escrever_mensagem(self, mensagem: Mensagem, continua: bool) -> str:
        """Um cabeçalho por leva do mesmo autor, como na janela."""
        chama = not mensagem.minha and not self._e_privada and mencionado(mensagem.texto, self._meu_nome, self._conhecidos)
        selo = '<span class="selo">você</span>' if mensagem.minha else ""
        return self._montar(mensagem.de, mensagem.hora_ms, mensagem.texto, selo, continua, " chama" if chama else "")

    def escrever_aviso(self, aviso: Aviso) -> str:
        """O Robô fala como gente; o resto é uma linha discreta."""
        if aviso.tipo is TipoDeAviso.ROBO:
            return self._montar(NOME_DO_ROBO, aviso.hora_ms, aviso.frase, '<span class="selo">só para você</span>',
                                False, " robo")
        classe = "aviso geral" if aviso.tipo is TipoDeAviso.AVISO_GERAL else "aviso"
        return f'<p class="{classe}">{escape(aviso.frase)} {_montar_hora(aviso.hora_ms)}</p>\n'

    def acabar(self, quantas: int) -> str:
        """O pé da página."""
        nome = "mensagem" if quantas == 1 else "mensagens"
        return f"</main>\n<footer>{quantas} {nome} · Chat Multissala</footer>\n</body>\n</html>\n"

    def _montar(self, autor: str, hora_ms: int, texto: str, selo: str, continua: bool, classe: str) -> str:
        corpo = f'<div class="texto">{_montar_texto(texto)}</div>'
        if continua:
            return f'<article class="continua{classe}">{_montar_hora(hora_ms)}{corpo}</article>\n'
        avatar = (f'<div class="avatar" style="background:{cor_do_avatar(autor)}" aria-hidden="true">'
                  f"{escape(iniciais(autor))}</div>")
        cabeca = f'<div class="cabeca"><b>{escape(autor)}</b>{selo}{_montar_hora(hora_ms)}</div>'
        return f'<article class="fala{classe}">{avatar}<div>{cabeca}{corpo}</div></article>\n'


def _montar_hora(hora_ms: int) -> str:
    momento = momento_local(hora_ms)
    return (f'<time datetime="{momento:%Y-%m-%dT%H:%M:%S}" title="{momento:%d/%m/%Y %H:%M:%S}">'
            f"{dizer_hora(hora_ms)}</time>")


def _montar_texto(texto: str) -> str:
    """As quebras de linha ficam como estão: o estilo as mostra."""
    return "".join(_montar_ligacao(trecho) if e_enlace else _montar_prosa(trecho) for trecho, e_enlace in partir(texto))


def _montar_ligacao(endereco: str) -> str:
    if not e_seguro(endereco):
        return escape(endereco)
    return f'<a href="{escape(endereco)}" rel="noopener noreferrer nofollow">{escape(endereco)}</a>'


def _montar_prosa(prosa: str) -> str:
    # Escapar não põe nem tira crases: pode-se procurar o código depois.
    return CODIGO.sub(r"<code>\1</code>", escape(prosa))
