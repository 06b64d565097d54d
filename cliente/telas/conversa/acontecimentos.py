"""O que a sessão conta e a conversa mostra: cada mudança pelo seu tratador."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from cliente.sessao import mudancas as m
from cliente.telas.conversa.digitando import Digitando
from cliente.telas.conversa.escrivaninha import Escrivaninha
from cliente.telas.conversa.lateral import Lateral
from cliente.telas.conversa.leitura import Leitura
from cliente.telas.conversa.lugar import Lugar, lugar_do_item
from cliente.telas.conversa.moderacao import Moderacao
from cliente.telas.conversa.procura import Procura
from cliente.telas.tela import Tela


class Acontecimentos(Tela):
    """A parte da tela da conversa que ouve a sessão; o que se mostra e o que se comanda é da outra."""

    lugar: Lugar | None
    """A sala ou a pessoa com quem se conversa agora."""
    lateral: Lateral
    moderacao: Moderacao
    procura: Procura
    escrivaninha: Escrivaninha
    _leituras: dict[tuple[bool, str], Leitura]
    _digitando: Digitando
    _com_membros_novos: bool

    def receber(self, mudanca: m.Mudanca) -> None:
        """Cada mudança pelo seu tratador."""
        tratador = self._tratadores.get(type(mudanca))
        if tratador is not None:
            tratador(mudanca)

    @cached_property
    def _tratadores(self) -> dict[type, Callable[[Any], None]]:
        return {
            m.MensagensChegaram: self._ao_mudar_conversa, m.AvisoChegou: self._ao_mudar_conversa,
            m.ItemConfirmado: self._ao_mudar_item, m.ItemSumiu: self._ao_mudar_item, m.ItemAdiado: self._ao_adiar,
            m.ItemDevolvido: self._ao_devolver, m.AntigasChegaram: self._ao_chegarem_antigas,
            m.AntigasFalharam: self._ao_chegarem_antigas, m.MembrosMudaram: self._ao_mudarem_membros,
            m.PrivadaChegou: self._ao_mudar_privada, m.AvisoNaPrivada: self._ao_mudar_privada,
            m.PrivadaAberta: lambda _: self.mostrar_lateral(), m.PrivadaFechada: self._ao_fechar_privada,
            m.PrivadaRenomeada: self._ao_renomear_privada,
            m.ModeracaoFeita: lambda feita: self.moderacao.receber(feita),
            m.ModeracaoRecusada: lambda recusada: self.moderacao.receber(recusada),
            m.NaoLidasDaPrivadaMudaram: lambda _: self.mostrar_lateral(),
            m.NaoLidasMudaram: lambda _: self.mostrar_lateral(), m.AlguemDigitando: self._digitando.notar,
            m.EntrouNaSala: self._ao_entrar, m.DeixouSala: self._ao_deixar, m.PedidoFalhou: self._ao_falhar_pedido,
            **{tipo: lambda _: self.lateral.mostrar_quem_sou()
               for tipo in (m.EstadoMudou, m.LatenciaMedida, m.NomeMudou, m.Identificado)},
        }

    # ------------------------------------------------------------------ mudanças da sessão

    def _ao_mudar_conversa(self, mudanca: m.MensagensChegaram | m.AvisoChegou) -> None:
        if isinstance(mudanca, m.MensagensChegaram):
            self._digitando.calar(mudanca.sala, (msg.de for msg in mudanca.mensagens))
        if self.esta_a_vista(mudanca.sala):
            self._pedir_desenho()

    def _ao_mudar_item(self, mudanca: m.ItemConfirmado | m.ItemSumiu) -> None:
        if self._e_aqui(lugar_do_item(mudanca.item)):
            self._pedir_desenho()

    def _ao_adiar(self, mudanca: m.ItemAdiado) -> None:
        if self._e_aqui(lugar_do_item(mudanca.item)):
            self.escrivaninha.pedir_calma(mudanca.espere_ms)

    def _ao_devolver(self, mudanca: m.ItemDevolvido) -> None:
        self.escrivaninha.devolver(mudanca.item)
        if self._e_aqui(lugar_do_item(mudanca.item)):
            self._pedir_desenho()

    def _ao_chegarem_antigas(self, mudanca: m.AntigasChegaram | m.AntigasFalharam) -> None:
        leitura = self._leituras.get(Lugar(mudanca.sala).chave)
        if leitura is not None:
            leitura.receber_antigas()
            self.procura.receber(leitura, mudanca)
        if isinstance(mudanca, m.AntigasFalharam):
            self.janela.avisar("Não vieram mensagens mais antigas", mudanca.frase, "aviso")

    def _ao_mudarem_membros(self, mudanca: m.MembrosMudaram) -> None:
        if self.esta_a_vista(mudanca.sala):
            self._com_membros_novos = True
            self._pedir_desenho()

    def _ao_entrar(self, mudanca: m.EntrouNaSala) -> None:
        if mudanca.voltou and self.esta_a_vista(mudanca.sala):
            self._mostrar_cabecalho()
            self._com_membros_novos = True
            self._pedir_desenho()
        self.mostrar_lateral()

    def _ao_deixar(self, mudanca: m.DeixouSala) -> None:
        self._largar(Lugar(mudanca.sala))

    def _ao_fechar_privada(self, mudanca: m.PrivadaFechada) -> None:
        self._largar(Lugar(mudanca.com, True))

    def _largar(self, lugar: Lugar) -> None:
        leitura = self._leituras.pop(lugar.chave, None)
        if leitura is not None:
            leitura.destroy()
        if self._e_aqui(lugar):
            self.escrivaninha.deixar()
            self._ao_fechar_procura()
            self.lugar = None
        elif self.lugar is not None:
            self._mostrar_cabecalho()
        self.mostrar_lateral()

    def _ao_mudar_privada(self, mudanca: m.PrivadaChegou | m.AvisoNaPrivada) -> None:
        if self.esta_com(mudanca.com):
            self._pedir_desenho()

    def _ao_renomear_privada(self, mudanca: m.PrivadaRenomeada) -> None:
        """A pessoa mudou de nome: a conversa segue com ela; se eram duas, as linhas releem-se."""
        estava_aqui = self.esta_com(mudanca.de)
        leitura = self._leituras.pop(Lugar(mudanca.de, True).chave, None)
        if leitura is not None and (mudanca.juntou or Lugar(mudanca.para, True).chave in self._leituras):
            leitura.destroy()
        elif leitura is not None:
            self._leituras[Lugar(mudanca.para, True).chave] = leitura
        if estava_aqui:
            self.escrivaninha.guardar()
            self.lugar = None
            self.mostrar_lugar(Lugar(mudanca.para, True))
        self.mostrar_lateral()

    def _ao_falhar_pedido(self, mudanca: m.PedidoFalhou) -> None:
        if mudanca.pedido == "sair":
            self.janela.avisar("Não foi possível sair da sala", mudanca.frase, "erro")

    def _ao_mudar_quem_digita(self, sala: str) -> None:
        if self.esta_a_vista(sala):
            self.escrivaninha.dizer_quem_digita(self._digitando.dizer(sala))
            self._mostrar_membros()

    # ------------------------------------------------------------------ o que a tela faz

    def mostrar_lugar(self, lugar: Lugar) -> None:
        """Troca a conversa à vista."""
        raise NotImplementedError

    def mostrar_lateral(self) -> None:
        """Põe em dia a barra e o título."""
        raise NotImplementedError

    def esta_a_vista(self, sala: str) -> bool:
        """Se a sala é a que se mostra."""
        return self._e_aqui(Lugar(sala))

    def esta_com(self, nome: str) -> bool:
        """Se a conversa privada com essa pessoa é a que se mostra."""
        return self._e_aqui(Lugar(nome, True))

    def _e_aqui(self, lugar: Lugar) -> bool:
        return self.lugar is not None and self.lugar.chave == lugar.chave

    def _pedir_desenho(self) -> None:
        raise NotImplementedError

    def _mostrar_cabecalho(self) -> None:
        raise NotImplementedError

    def _mostrar_membros(self) -> None:
        raise NotImplementedError

    def _ao_fechar_procura(self) -> None:
        raise NotImplementedError
