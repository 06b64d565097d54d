"""Exportar uma conversa inteira: lê do servidor as páginas que faltam, mostra quanto vai, e deixa desistir."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING, Any

from cliente.sessao import Conversa, ConversaPrivada, Linha
from cliente.sessao import mudancas as m
from cliente.sessao.pedidos import CONEXAO_CAIU
from cliente.telas.conversa.lugar import Lugar
from cliente.telas.copia.arquivo import ArquivoNovo, explicar
from cliente.telas.copia.em_html import EmHtml
from cliente.telas.copia.em_texto import EmTexto
from cliente.telas.copia.redator import Avisos, Forma, Redator, Titulo
from cliente.telas.datas import momento_local
from cliente.telas.recentes import montar_endereco
from interface.componentes import Faixa
from protocolo.textos import chave

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

EscolherArquivo = Callable[[str], str]
"""Recebe o nome sugerido e devolve o caminho escolhido, ou vazio se a pessoa desistiu."""

ENTRE_PAGINAS_MS = 60
"""O servidor atende 20 pedidos por segundo de cada um: sobra para quem continua conversando."""
_FORMAS: dict[str, Callable[[], Forma]] = {".html": EmHtml, ".htm": EmHtml}
_TIPOS = [("Página", "*.html"), ("Texto", "*.txt")]
_FALTA = "Nada foi gravado; a conversa continua aqui."
_NAO_SERVEM = str.maketrans('<>:"/\\|?*', "_________")


def escolher_arquivo_para_gravar(sugestao: str) -> str:
    """Pergunta ao sistema onde gravar; vazio se a pessoa desistiu."""
    sufixo = Path(sugestao).suffix
    tipos = sorted(_TIPOS, key=lambda tipo: not tipo[1].endswith(sufixo))
    return str(filedialog.asksaveasfilename(title="Exportar a conversa", initialfile=sugestao,
                                            defaultextension=sufixo, filetypes=tipos) or "")


class Exportacao:
    """Uma de cada vez. O arquivo aparece inteiro no fim; desistindo, ou falhando, o que havia fica como estava."""

    def __init__(self, janela: JanelaDoCliente, faixa: Faixa,
                 escolher_arquivo: EscolherArquivo = escolher_arquivo_para_gravar) -> None:
        self._janela, self._sessao, self._faixa = janela, janela.sessao, faixa
        self.escolher_arquivo = escolher_arquivo
        self._arquivo: ArquivoNovo | None = None
        self._sala = ""
        self._proxima: str | None = None
        self._tratadores: dict[type, Callable[[Any], None]] = {
            m.PaginaChegou: self._ao_chegar, m.PaginaFalhou: self._ao_falhar, m.DeixouSala: self._ao_deixar,
            m.EntrouNaSala: self._ao_entrar,
        }

    @property
    def esta_exportando(self) -> bool:
        """Se há uma cópia pela metade."""
        return self._arquivo is not None

    def exportar(self, lugar: Lugar, sufixo: str) -> None:
        """Pergunta onde gravar e começa. ``sufixo`` é o que se sugere; quem grava pode trocar por ``.txt`` ou ``.html``."""
        conversa = self._sessao.privada(lugar.nome) if lugar.e_privada else self._sessao.conversa(lugar.nome)
        if conversa is None or self.esta_exportando:
            return
        caminho = self.escolher_arquivo(_sugerir_nome(lugar.nome, sufixo))
        if caminho:
            self._comecar(conversa, caminho)

    def receber(self, mudanca: m.Mudanca) -> None:
        """Uma mudança da sessão, que só interessa com uma cópia pela metade."""
        tratador = self._tratadores.get(type(mudanca))
        if tratador is not None and self.esta_exportando and chave(mudanca.sala) == chave(self._sala):
            tratador(mudanca)

    def desistir(self) -> None:
        """Não quer mais: apaga o que se escreveu."""
        if self._largar():
            self._janela.avisar("Exportação cancelada", "Nada foi gravado.")

    def esquecer(self) -> None:
        """Trocou-se de servidor, ou a janela vai fechar."""
        self._largar()

    # ------------------------------------------------------------------ o caminho

    def _comecar(self, conversa: Conversa | ConversaPrivada, caminho: str) -> None:
        forma = _FORMAS.get(Path(caminho).suffix.lower(), EmTexto)()
        self._redator = Redator(forma, self._montar_titulo(conversa))
        try:
            self._arquivo = ArquivoNovo(caminho)
            self._arquivo.escrever(self._redator.comecar())
        except OSError as erro:
            self._dizer_que_nao_deu(explicar(erro))
            return
        if isinstance(conversa, ConversaPrivada):
            self._gravar(conversa.linhas)
            self._concluir()
            return
        self._sala, self._sala_id, self._ate, self._lidas = conversa.sala, conversa.sala_id, conversa.ultima_seq, 0
        self._avisos = Avisos(conversa.linhas, conversa.menor_seq)
        self._mostrar_andamento()
        self._pedir()

    def _montar_titulo(self, conversa: Conversa | ConversaPrivada) -> Titulo:
        sessao = self._sessao
        endereco = montar_endereco(sessao.host, sessao.porta)
        servidor = f"{sessao.servidor.nome} ({endereco})" if sessao.servidor is not None else endereco
        agora_ms = time.time_ns() // 1_000_000
        if isinstance(conversa, ConversaPrivada):
            return Titulo(conversa.nome, True, "", servidor, sessao.nome or "", agora_ms)
        return Titulo(f"#{conversa.sala}", False, conversa.assunto, servidor, sessao.nome or "", agora_ms,
                      conversa.chaves_dos_membros)

    def _pedir(self) -> None:
        """A página seguinte; sem linha, espera-se que ela volte."""
        self._proxima = None
        if self._lidas >= self._ate:
            self._acabar_a_sala()
        elif not self._sessao.pedir_pagina(self._sala, self._lidas):
            self._mostrar_andamento("Esperando a conexão voltar…")

    def _ao_chegar(self, pagina: m.PaginaChegou) -> None:
        if pagina.depois != self._lidas:
            return  # resposta a um pedido de antes de uma queda
        mensagens = [mensagem for mensagem in pagina.mensagens if mensagem.seq <= self._ate]
        if not self._gravar(self._avisos.intercalar(mensagens)):
            return
        # Quem diz que há mais e não manda nada não nos prende aqui.
        if not mensagens or not pagina.ha_mais:
            self._lidas = self._ate
        else:
            self._lidas = mensagens[-1].seq
        self._mostrar_andamento()
        if self._lidas >= self._ate:
            self._acabar_a_sala()
        else:
            self._proxima = self._janela.agendar(ENTRE_PAGINAS_MS, self._pedir)

    def _ao_falhar(self, falha: m.PaginaFalhou) -> None:
        if falha.codigo == CONEXAO_CAIU:
            self._mostrar_andamento("Esperando a conexão voltar…")
        elif self._largar():
            self._dizer_que_nao_deu(falha.frase)

    def _ao_entrar(self, mudanca: m.EntrouNaSala) -> None:
        conversa = self._sessao.conversa(self._sala)
        if not mudanca.voltou or conversa is None:
            return
        if conversa.sala_id != self._sala_id or mudanca.recomecou:
            self._largar()
            self._dizer_que_nao_deu("A sala foi refeita enquanto a conexão esteve fora.")
        elif self._proxima is None:
            self._mostrar_andamento()
            self._pedir()

    def _ao_deixar(self, _mudanca: m.DeixouSala) -> None:
        if self._largar():
            self._dizer_que_nao_deu("Você saiu da sala antes do fim.")

    # ------------------------------------------------------------------ o arquivo

    def _gravar(self, linhas: Sequence[Linha]) -> bool:
        assert self._arquivo is not None
        try:
            self._arquivo.escrever(self._redator.escrever(linhas))
        except OSError as erro:
            self._largar()
            self._dizer_que_nao_deu(explicar(erro))
            return False
        return True

    def _acabar_a_sala(self) -> None:
        if self._gravar(self._avisos.esgotar()):
            self._concluir()

    def _concluir(self) -> None:
        arquivo = self._arquivo
        if arquivo is None:
            return
        try:
            arquivo.escrever(self._redator.acabar())
            arquivo.concluir()
        except OSError as erro:
            self._largar()
            self._dizer_que_nao_deu(explicar(erro))
            return
        self._arquivo = None
        self._faixa.esconder()
        quantas = self._redator.quantas
        self._janela.avisar("Conversa exportada", f"{_contar(quantas)} em {arquivo.caminho}", "ok")

    def _largar(self) -> bool:
        """Apaga o que se escreveu; diz se havia o que largar."""
        if self._proxima is not None:
            self._janela.desagendar(self._proxima)
            self._proxima = None
        arquivo, self._arquivo = self._arquivo, None
        if arquivo is None:
            return False
        arquivo.desistir()
        self._faixa.esconder()
        return True

    def _dizer_que_nao_deu(self, frase: str) -> None:
        self._arquivo = None
        self._janela.avisar("A conversa não foi exportada", f"{frase} {_FALTA}", "erro")

    def _mostrar_andamento(self, frase: str = "") -> None:
        quantas = _contar(self._redator.quantas)
        texto = f"Exportando #{self._sala}: {frase or f'{quantas} de {_agrupar(self._ate)}…'}"
        if self._faixa.esta_visivel:
            self._faixa.rotulo.definir(texto)
        else:
            self._faixa.mostrar(texto, "info", "Cancelar", self.desistir, pode_fechar=False)


def _sugerir_nome(nome: str, sufixo: str) -> str:
    """``geral 2026-11-21.html``, sem o que algum sistema não aceite num nome de arquivo."""
    hoje = momento_local(time.time_ns() // 1_000_000).date()
    return f"{nome.translate(_NAO_SERVEM).strip(' .')} {hoje.isoformat()}{sufixo}"


def _contar(quantas: int) -> str:
    return "1 mensagem" if quantas == 1 else f"{_agrupar(quantas)} mensagens"


def _agrupar(numero: int) -> str:
    return f"{numero:,}".replace(",", ".")
