"""As conversas privadas da sessão, uma por pessoa. Puras; da thread dona da sessão."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from cliente.sessao import frases
from cliente.sessao import mudancas as m
from cliente.sessao.caixa_de_saida import CaixaDeSaida
from cliente.sessao.privada import ConversaPrivada
from cliente.sessao.tipos import Aviso, ItemDeSaida, Mensagem, TipoDeAviso
from protocolo.horas import ler_hora
from protocolo.textos import chave

REFS_LEMBRADAS = 1_000
CONVERSAS_MAX = 200


class Privadas:
    """Até 200 conversas; passando disso, a que está parada há mais tempo, lida e fora da vista, se fecha."""

    def __init__(self, caixa: CaixaDeSaida, contar: Callable[[Any], None], numerar: Callable[[], int],
                 hora_ms: Callable[[], int], sou_eu: Callable[[str], bool]) -> None:
        self._caixa, self._contar, self._numerar = caixa, contar, numerar
        self._hora_ms, self._sou_eu = hora_ms, sou_eu
        self._conversas: OrderedDict[str, ConversaPrivada] = OrderedDict()
        self._observada: str | None = None
        # O servidor lembra as últimas 1.000 de cada remetente; nós, de todos juntos: depois dele é só cautela.
        self._vistas: OrderedDict[tuple[str, str], None] = OrderedDict()

    # ------------------------------------------------------------------ leitura

    @property
    def todas(self) -> tuple[ConversaPrivada, ...]:
        """As conversas, a de movimento mais recente por último."""
        return tuple(self._conversas.values())

    @property
    def nao_lidas(self) -> int:
        """Não lidas somadas."""
        return sum(conversa.nao_lidas for conversa in self._conversas.values())

    def com(self, nome: str) -> ConversaPrivada | None:
        """A conversa com essa pessoa, em qualquer caixa."""
        return self._conversas.get(chave(nome))

    # ------------------------------------------------------------------ o que a sessão manda fazer

    def abrir(self, nome: str) -> ConversaPrivada:
        """A conversa com essa pessoa; nova, se não havia."""
        conversa = self._conversas.get(chave(nome))
        if conversa is None:
            conversa = ConversaPrivada(nome)
            conversa.observada = chave(nome) == self._observada
            self._conversas[chave(nome)] = conversa
            self._contar(m.PrivadaAberta(nome))
            self._fechar_a_mais_parada()
        return conversa

    def fechar(self, conversa: ConversaPrivada, devolver: Callable[[str], None]) -> None:
        """Esquece a conversa; ``devolver`` cuida do que não foi enviado a essa pessoa."""
        devolver(conversa.nome)
        self._conversas.pop(chave(conversa.nome), None)
        self._contar(m.PrivadaFechada(conversa.nome))

    def observar(self, nome: str | None) -> None:
        """A conversa à vista (``None``: nenhuma); as não lidas dela se zeram."""
        self._observada = None if nome is None else chave(nome)
        for lugar, conversa in self._conversas.items():
            conversa.observada = lugar == self._observada
            if conversa.observada:
                self.marcar_lida(conversa)

    def marcar_lida(self, conversa: ConversaPrivada) -> None:
        """Zera as não lidas."""
        if conversa.nao_lidas:
            conversa.nao_lidas = 0
            self._contar(m.NaoLidasDaPrivadaMudaram(conversa.nome, 0))

    def receber(self, campos: dict[str, Any]) -> None:
        """O evento ``privada``, já conferido: de alguém, ou o eco da nossa."""
        de, para, ref = campos["de"], campos["para"], campos.get("ref")
        minha = self._sou_eu(de)
        com = para if minha else de
        if ref is not None and not self._lembrar((chave(de), ref)):
            self._corrigir_escrita(com)
            return
        self._por(com, de, para, campos["texto"], ler_hora(campos["hora"]), ref)
        if minha and ref is not None:
            self._soltar(self._caixa.tirar_ref(ref))

    def confirmar(self, item: ItemDeSaida, eu: str, hora_ms: int) -> None:
        """O servidor entregou a nossa: vira linha já; o eco dela, com a mesma ``ref``, não conta outra vez."""
        atual = self._caixa.tirar_ref(item.ref)
        if atual is None or atual.para is None:
            return
        if self._lembrar((chave(eu), item.ref)):
            self._por(atual.para, eu, atual.para, atual.texto, hora_ms, item.ref)
        self._soltar(atual)

    def avisar(self, conversa: ConversaPrivada, tipo: TipoDeAviso, frase: str, nome: str = "") -> None:
        """Uma linha de aviso no fim da conversa."""
        aviso = Aviso(self._numerar(), tipo, frase, self._hora_ms(), nome)
        aparadas = conversa.por(aviso)
        self._contar(m.AvisoNaPrivada(conversa.nome, aviso, aparadas))

    def renomear(self, de: str, para: str, *, com_aviso: bool = True) -> None:
        """A pessoa mudou de nome: a conversa, e o que espera para ir, seguem com ela."""
        conversa = self._conversas.get(chave(de))
        if conversa is None:
            return
        frase = frases.contar_renomeacao(de, para)
        alvo = self._conversas.get(chave(para))
        self._caixa.renomear_pessoa(de, para)
        if self._observada == chave(de):
            self._observada = chave(para)
        if alvo is None or alvo is conversa:
            self._mudar_chave(conversa, para)
            self._contar(m.PrivadaRenomeada(de, para))
            if com_aviso:
                self.avisar(conversa, TipoDeAviso.RENOMEADO, frase, para)
            return
        del self._conversas[chave(de)]
        alvo.observada = alvo.observada or conversa.observada
        alvo.juntar(conversa, Aviso(self._numerar(), TipoDeAviso.RENOMEADO, frase, self._hora_ms(), para))
        self._contar(m.PrivadaRenomeada(de, alvo.nome, juntou=True))
        self._contar(m.NaoLidasDaPrivadaMudaram(alvo.nome, alvo.nao_lidas))

    # ------------------------------------------------------------------ por dentro

    def _por(self, com: str, de: str, para: str, texto: str, hora_ms: int, ref: str | None) -> None:
        conversa = self.abrir(com)
        self._corrigir_escrita(com)
        antes, minha = conversa.nao_lidas, self._sou_eu(de)
        mensagem = Mensagem(self._numerar(), conversa.ultima_seq + 1, de, texto, hora_ms, minha, ref)
        aparadas = conversa.por(mensagem)
        self._conversas.move_to_end(chave(com))
        self._contar(m.PrivadaChegou(de, para, texto, hora_ms, minha, conversa.nome, mensagem, aparadas))
        if conversa.nao_lidas != antes:
            self._contar(m.NaoLidasDaPrivadaMudaram(conversa.nome, conversa.nao_lidas))

    def _soltar(self, item: ItemDeSaida | None) -> None:
        if item is not None:
            self._contar(m.ItemConfirmado(item))
            self._contar(m.ItemSumiu(item))

    def _corrigir_escrita(self, nome: str) -> None:
        """O servidor diz como o nome se escreve; nós podemos tê-lo escrito de outro jeito."""
        conversa = self._conversas.get(chave(nome))
        if conversa is not None and conversa.nome != nome:
            de, conversa.nome = conversa.nome, nome
            self._contar(m.PrivadaRenomeada(de, nome))

    def _mudar_chave(self, conversa: ConversaPrivada, para: str) -> None:
        # O lugar na ordem se mantém: quem só mudou de nome não disse nada.
        lugares = [(chave(para) if outra is conversa else lugar, outra) for lugar, outra in self._conversas.items()]
        self._conversas = OrderedDict(lugares)
        conversa.nome = para

    def _lembrar(self, vista: tuple[str, str]) -> bool:
        if vista in self._vistas:
            return False
        self._vistas[vista] = None
        if len(self._vistas) > REFS_LEMBRADAS:
            self._vistas.popitem(last=False)
        return True

    def _fechar_a_mais_parada(self) -> None:
        if len(self._conversas) <= CONVERSAS_MAX:
            return
        *antigas, _nova = self._conversas.items()
        livres = [par for par in antigas if not par[1].observada and not self._caixa.itens_para(par[1].nome)]
        lidas = [par for par in livres if not par[1].nao_lidas]
        for lugar, conversa in (lidas or livres)[:1]:
            del self._conversas[lugar]
            self._contar(m.PrivadaFechada(conversa.nome))
