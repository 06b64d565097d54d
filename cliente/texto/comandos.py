"""Os comandos com barra do cliente de texto, numa tabela. Só a thread principal."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from enum import Enum

from cliente.sessao import Conversa, Estado, Mensagem, Sessao
from cliente.sessao import mudancas as m
from cliente.texto.narrador import Narrador
from protocolo.limites import HISTORICO_MAX

HISTORICO_PADRAO = 20
SEMELHANCA_MIN = 0.5
_SEM_SALA = "Você não está em nenhuma sala. Use /list e /join #sala."


class Espera(Enum):
    """O que se espera do servidor antes de atender a próxima linha."""

    ENTRAR = "entrar"
    SAIR = "sair"
    LISTA = "lista"
    NOME = "nome"
    HISTORICO = "historico"


class Comandos:
    """Interpreta o que começa por ``/`` (e a palavra ``sair`` sozinha); o resto é conversa."""

    def __init__(self, sessao: Sessao, narrador: Narrador, despedir: Callable[[], None]) -> None:
        self._sessao, self._narrador, self._despedir = sessao, narrador, despedir
        self.sala: str | None = None
        """A sala em que se fala."""
        self.espera: Espera | None = None
        self._quantas = HISTORICO_PADRAO
        self._tabela: dict[str, tuple[Callable[[str], None], str]] = {
            "/help": (self._ajudar, "/help: mostra os comandos"),
            "/ajuda": (self._ajudar, ""),
            "/usuarios": (self._listar_membros, "/usuarios: quem está na sala"),
            "/list": (self._listar_salas, "/list: as salas do servidor"),
            "/salas": (self._listar_salas, ""),
            "/join": (self._entrar, "/join #sala [senha]: entra na sala, criando-a se não existe"),
            "/entrar": (self._entrar, ""),
            "/sair": (self._sair, "/sair: sai da sala atual"),
            "/nome": (self._trocar_de_nome, "/nome novo: troca o seu nome"),
            "/historico": (self._pedir_historico, "/historico [n]: as últimas mensagens da sala"),
            "/reconectar": (self._reconectar, "/reconectar: volta ao servidor depois de uma queda"),
            "/quit": (lambda _: self._despedir(), "/quit: desconecta e termina"),
            "/exit": (lambda _: self._despedir(), ""),
            "/encerrar": (lambda _: self._despedir(), ""),
            "sair": (lambda _: self._despedir(), ""),
        }

    @staticmethod
    def e_comando(linha: str) -> bool:
        """``//`` no começo é conversa: o servidor tira uma das barras."""
        return (linha.startswith("/") and not linha.startswith("//")) or linha.strip().casefold() == "sair"

    def interpretar(self, linha: str) -> None:
        """Faz o que a linha manda, ou sugere o comando mais parecido."""
        palavra, _, resto = linha.strip().partition(" ")
        achado = self._tabela.get(palavra.casefold())
        if achado is not None:
            achado[0](resto.strip())
            return
        parecidos = difflib.get_close_matches(palavra.casefold(), self._tabela, 1, SEMELHANCA_MIN)
        sugestao = f"Você quis dizer {parecidos[0]}?" if parecidos else "Use /help para ver os comandos."
        self._narrador.avisar(f"Comando desconhecido: {palavra}. {sugestao}")

    def conversa_atual(self) -> Conversa | None:
        """A conversa da sala em que se fala; sem nenhuma, avisa e devolve ``None``."""
        conversa = None if self.sala is None else self._sessao.conversa(self.sala)
        if conversa is None:
            self._narrador.avisar(_SEM_SALA)
        return conversa

    def reconectar_se_caiu(self) -> bool:
        """Volta ao servidor, se a conexão caiu; diz se caiu."""
        if self._sessao.estado is not Estado.CAIU:
            return False
        self._narrador.avisar("Reconectando…")
        self._sessao.reconectar()
        return True

    def deixar_de_esperar(self, *esperas: Espera) -> None:
        """Chegou a resposta de uma destas (sem nenhuma: de qualquer uma)."""
        if not esperas or self.espera in esperas:
            self.espera = None

    # ------------------------------------------------------------------ respostas que continuam um comando

    def ao_listar(self, _: m.ListaDeSalasMudou) -> None:
        """Chegou a lista pedida por ``/list``."""
        self._sessao.parar_de_acompanhar()
        if self.espera is Espera.LISTA:
            self.espera = None
            self._narrador.listar_salas(self._sessao.salas)

    def ao_deixar(self, mudanca: m.DeixouSala) -> None:
        """Saímos de uma sala, ou nos tiraram: passa-se a falar na última em que se entrou."""
        self.deixar_de_esperar(Espera.SAIR)
        self._narrador.avisar(mudanca.frase)
        if self.sala is None or self._sessao.conversa(self.sala) is None:
            restantes = self._sessao.conversas
            self.sala = restantes[-1].sala if restantes else None
            self._narrador.avisar(f"Agora você fala em #{self.sala}." if self.sala else _SEM_SALA)

    def mostrar_historico(self) -> None:
        """Mostra as mensagens pedidas por ``/historico``, buscando antes as que não estão à mão."""
        if self.espera is not Espera.HISTORICO:
            return
        conversa = self.conversa_atual()
        mensagens = [] if conversa is None else [linha for linha in conversa.linhas if isinstance(linha, Mensagem)]
        if conversa is not None and len(mensagens) < self._quantas and self._sessao.pedir_mais_antigas(conversa.sala):
            return
        self.espera = None
        if conversa is not None:
            self._narrador.avisar(f"Últimas mensagens de #{conversa.sala}:" if mensagens else "Ainda não há mensagens.")
            self._narrador.mostrar(conversa.sala, mensagens[-self._quantas:])

    # ------------------------------------------------------------------ a tabela

    def _ajudar(self, _: str) -> None:
        for _, ajuda in self._tabela.values():
            if ajuda:
                self._narrador.avisar(ajuda)

    def _listar_membros(self, _: str) -> None:
        conversa = self.conversa_atual()
        if conversa is not None:
            self._narrador.listar_membros(conversa)

    def _listar_salas(self, _: str) -> None:
        if self._esperar(Espera.LISTA):
            self._sessao.acompanhar_salas()

    def _entrar(self, resto: str) -> None:
        sala, _, senha = resto.partition(" ")
        if not sala:
            self._narrador.avisar("Diga a sala: /join #sala [senha]")
        elif self._esperar(Espera.ENTRAR):
            self._sessao.entrar(sala, criar=True, senha=senha.strip() or None)

    def _sair(self, resto: str) -> None:
        if not self._sessao.conversas:
            self._despedir()
            return
        conversa = self._sessao.conversa(resto) if resto else self.conversa_atual()
        if conversa is not None:
            self.espera = Espera.SAIR
            self._sessao.sair(conversa.sala)
        elif resto:
            self._narrador.avisar(f"Você não está em #{resto.removeprefix('#')}.")

    def _trocar_de_nome(self, resto: str) -> None:
        if self._esperar(Espera.NOME):
            self._sessao.renomear(resto)

    def _pedir_historico(self, resto: str) -> None:
        quantas = resto or str(HISTORICO_PADRAO)
        vale = quantas.isascii() and quantas.isdigit() and len(quantas) <= len(str(HISTORICO_MAX))
        if not vale or not 1 <= int(quantas) <= HISTORICO_MAX:
            self._narrador.avisar(f"Diga quantas mensagens, de 1 a {HISTORICO_MAX}: /historico [n]")
            return
        self._quantas, self.espera = int(quantas), Espera.HISTORICO
        self.mostrar_historico()

    def _reconectar(self, _: str) -> None:
        if not self.reconectar_se_caiu():
            self._narrador.avisar("A conexão está de pé.")

    def _esperar(self, espera: Espera) -> bool:
        if self._sessao.estado is not Estado.IDENTIFICADA:
            self._narrador.avisar("Sem conexão com o servidor. Pressione Enter para reconectar.")
            return False
        self.espera = espera
        return True
