"""O que começa por ``/`` no cliente de texto: quase tudo vai ao Robô; aqui fica só o que vale sem servidor."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from cliente.sessao import Conversa, Estado, EstadoDoItem, Sessao
from cliente.sessao import mudancas as m
from cliente.texto.narrador import Narrador

_SEM_SALA = "Você não está em nenhuma sala. Use /list e /join #sala."


class Espera(Enum):
    """O que se espera do servidor antes de atender a próxima linha."""

    ENTRAR = "entrar"
    ROBO = "robo"


class Comandos:
    """Manda ao Robô o que começa por ``/`` (e atende a palavra ``sair`` sozinha); o resto é conversa."""

    def __init__(self, sessao: Sessao, narrador: Narrador, despedir: Callable[[], None]) -> None:
        self._sessao, self._narrador, self._despedir = sessao, narrador, despedir
        self.sala: str | None = None
        """A sala em que se fala."""
        self.espera: Espera | None = None
        self._daqui: dict[str, Callable[[], None]] = {
            "/reconectar": self._reconectar, "/quit": despedir, "/exit": despedir, "/encerrar": despedir,
            "sair": despedir,
        }

    @staticmethod
    def e_comando(linha: str) -> bool:
        """``//`` no começo é conversa: o servidor tira uma das barras."""
        return (linha.startswith("/") and not linha.startswith("//")) or linha.strip().casefold() == "sair"

    def interpretar(self, linha: str) -> None:
        """Faz o que a linha manda, aqui ou no servidor."""
        palavra = linha.strip().partition(" ")[0].casefold()
        if palavra in self._daqui:
            self._daqui[palavra]()
        elif palavra == "/sair" and not self._sessao.conversas:
            self._despedir()
        elif self._sessao.estado is not Estado.IDENTIFICADA:
            self._narrador.avisar("Sem conexão com o servidor. Pressione Enter para reconectar.")
        else:
            self._mandar(linha.strip())

    def conversa_atual(self) -> Conversa | None:
        """A conversa da sala em que se fala; sem nenhuma, avisa e devolve ``None``."""
        conversa = None if self.sala is None else self._sessao.conversa(self.sala)
        if conversa is None:
            self._narrador.avisar(_SEM_SALA)
        return conversa

    def reconectar_se_caiu(self) -> bool:
        """Volta já ao servidor, se a conexão caiu; diz se caiu."""
        if self._sessao.estado is not Estado.CAIU:
            return False
        self._narrador.avisar("Reconectando…")
        self._sessao.reconectar_agora()
        return True

    def deixar_de_esperar(self, *esperas: Espera) -> None:
        """Chegou a resposta de uma destas (sem nenhuma: de qualquer uma)."""
        if not esperas or self.espera in esperas:
            self.espera = None

    def ao_sumir(self, mudanca: m.ItemSumiu) -> None:
        """Uma mensagem virou linha, ou o Robô atendeu um comando."""
        if mudanca.item.comando:
            self.deixar_de_esperar(Espera.ROBO)

    def ao_deixar(self, mudanca: m.DeixouSala) -> None:
        """Saímos de uma sala, ou nos tiraram: passa-se a falar na última em que se entrou."""
        self._narrador.avisar(mudanca.frase)
        if self.sala is None or self._sessao.conversa(self.sala) is None:
            self.sala = mudanca.vai_para
            self._narrador.avisar(f"Agora você fala em #{self.sala}." if self.sala else _SEM_SALA)

    def _mandar(self, texto: str) -> None:
        conversa = None if self.sala is None else self._sessao.conversa(self.sala)
        item = self._sessao.comando(texto, None if conversa is None else conversa.sala)
        if item.estado is EstadoDoItem.RECUSADO:
            self._narrador.avisar(item.frase)
        else:
            self.espera = Espera.ROBO

    def _reconectar(self) -> None:
        if not self.reconectar_se_caiu():
            self._narrador.avisar("A conexão está de pé.")
