"""O que a sessão sabe: nosso nome, as conversas, as privadas, a lista de salas e a caixa de saída. Puro, de uma só thread.

Os eventos do servidor entram já conferidos por ``aplicar``; o que mudou sai por ``esvaziar``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from cliente.sessao import frases
from cliente.sessao import mudancas as m
from cliente.sessao.caixa_de_saida import CaixaDeSaida
from cliente.sessao.conversa import Conversa
from cliente.sessao.lista_de_salas import ListaDeSalas
from cliente.sessao.privadas import Privadas
from cliente.sessao.tipos import EstadoDoItem, ItemDeSaida, Mensagem, TipoDeAviso
from protocolo.horas import ler_hora
from protocolo.textos import chave


class Modelo:
    """Pertence à thread dona da sessão. ``hora_ms`` é a hora deste computador, em ms desde 1970."""

    def __init__(self, hora_ms: Callable[[], int]) -> None:
        self.nome: str | None = None
        self.conversas: dict[str, Conversa] = {}
        self.lista = ListaDeSalas()
        self.caixa = CaixaDeSaida()
        self.hora_ms = hora_ms
        self.numerar = count(1).__next__
        self._observada: str | None = None
        self._mudancas: list[m.Mudanca] = []
        # Uma mudança por sala e por leva basta para estas duas; saem no fim, na ordem em que apareceram.
        self._com_membros_novos: dict[str, None] = {}
        self._com_nao_lidas_novas: dict[str, None] = {}
        self.privadas = Privadas(self.caixa, self.contar, self.numerar, hora_ms, self.sou_eu)
        self.origem_do_robo: Callable[[], str | None] = lambda: None
        """A conversa privada de onde se deu o comando a que o Robô responde agora, se foi de uma."""
        self._tratadores: dict[str, Callable[[dict[str, Any]], None]] = {
            "mensagem": self._ao_chegar_mensagem,
            "entrou": self._ao_entrar_alguem,
            "saiu": self._ao_sair_alguem,
            "renomeado": self._ao_renomear_alguem,
            "moderador": self._ao_mudar_moderador,
            "removido": self._ao_ser_removido,
            "digitando": self._ao_digitar_alguem,
            "privada": self.privadas.receber,
            "robo": self._ao_falar_o_robo,
            "aviso": self._ao_chegar_aviso,
            "sala_mudou": self._ao_mudar_sala,
            "sala_removida": self._ao_remover_sala,
        }

    # ------------------------------------------------------------------ leitura e fila de mudanças

    def sou_eu(self, nome: str) -> bool:
        """Se esse nome é o nosso, sem diferenciar a caixa."""
        return self.nome is not None and chave(nome) == chave(self.nome)

    def conversa(self, sala: str) -> Conversa | None:
        """A conversa dessa sala, com ou sem ``#``, em qualquer caixa."""
        return self.conversas.get(chave(sala.removeprefix("#")))

    def contar(self, mudanca: m.Mudanca) -> None:
        """Põe uma mudança na fila da próxima ``esvaziar``; mensagens seguidas da mesma sala viram uma só."""
        ultima = self._mudancas[-1] if self._mudancas else None
        if (isinstance(mudanca, m.MensagensChegaram) and isinstance(ultima, m.MensagensChegaram)
                and mudanca.sala == ultima.sala):
            self._mudancas[-1] = m.MensagensChegaram(
                mudanca.sala, ultima.mensagens + mudanca.mensagens, ultima.aparadas + mudanca.aparadas)
        else:
            self._mudancas.append(mudanca)

    def contar_membros(self, conversa: Conversa) -> None:
        """Os membros dessa sala mudaram."""
        self._com_membros_novos[chave(conversa.sala)] = None

    def contar_nao_lidas(self, conversa: Conversa) -> None:
        """As não lidas dessa sala mudaram."""
        self._com_nao_lidas_novas[chave(conversa.sala)] = None

    def esvaziar(self) -> list[m.Mudanca]:
        """Tudo o que mudou desde a última vez."""
        prontas, self._mudancas = self._mudancas, []
        for nome in self._com_membros_novos:
            if nome in self.conversas:
                prontas.append(m.MembrosMudaram(self.conversas[nome].sala))
        for nome in self._com_nao_lidas_novas:
            if nome in self.conversas:
                prontas.append(m.NaoLidasMudaram(self.conversas[nome].sala, self.conversas[nome].nao_lidas))
        self._com_membros_novos.clear()
        self._com_nao_lidas_novas.clear()
        return prontas

    # ------------------------------------------------------------------ o que a sessão manda fazer

    def abrir_conversa(self, resposta: dict[str, Any]) -> Conversa:
        """Uma sala em que acabamos de entrar."""
        conversa = Conversa(resposta, self.numerar, self.sou_eu)
        conversa.observada = chave(conversa.sala) == self._observada
        self.conversas[chave(conversa.sala)] = conversa
        return conversa

    def fechar_conversa(self, conversa: Conversa, motivo: str, frase: str, por: str | None = None,
                        texto: str | None = None) -> None:
        """Uma sala em que não estamos mais; o que não foi enviado volta a quem o escreveu."""
        self.contar_devolvidos(self.caixa.devolver_sala(conversa.sala, motivo, frase))
        self.conversas.pop(chave(conversa.sala), None)
        ultima = next(reversed(self.conversas.values()), None)
        vai_para = ultima.sala if ultima is not None else None
        self.contar(m.DeixouSala(conversa.sala, motivo, frase, por, texto, vai_para))

    def contar_devolvidos(self, itens: Sequence[ItemDeSaida]) -> None:
        """Itens que saíram da caixa sem ir."""
        for item in itens:
            self.contar(m.ItemDevolvido(item))

    def observar(self, sala: str | None) -> None:
        """A sala à vista; as não lidas dela se zeram."""
        self.privadas.observar(None)
        self._observada = None if sala is None else chave(sala.removeprefix("#"))
        for nome, conversa in self.conversas.items():
            conversa.observada = nome == self._observada
            if conversa.observada:
                self.marcar_lida(conversa)

    def observar_privada(self, nome: str | None) -> None:
        """A conversa privada à vista; sala nenhuma fica à vista com ela."""
        self.observar(None)
        self.privadas.observar(nome)

    def marcar_lida(self, conversa: Conversa) -> None:
        """Zera as não lidas."""
        if conversa.nao_lidas:
            conversa.nao_lidas = 0
            self.contar_nao_lidas(conversa)

    def mudar_nome(self, nome: str) -> None:
        """O servidor confirmou outro nome nosso."""
        antigo, self.nome = self.nome, nome
        for conversa in self.conversas.values():
            if antigo is not None and conversa.renomear_membro(antigo, nome):
                self.contar_membros(conversa)
        if antigo is not None:
            self.privadas.renomear(antigo, nome, com_aviso=False)

    def contar_novas(self, conversa: Conversa, novas: Sequence[Mensagem]) -> None:
        """Mensagens que entraram no fim da conversa: conta, solta os pendentes que viraram linha, poda."""
        if not novas:
            return
        self.contar(m.MensagensChegaram(conversa.sala, tuple(novas), conversa.podar()))
        if conversa.contar_nao_lidas(novas):
            self.contar_nao_lidas(conversa)
        self.soltar(conversa, novas)

    def soltar(self, conversa: Conversa, novas: Sequence[Mensagem] = ()) -> None:
        """Tira da caixa o que já tem linha na conversa."""
        refs = frozenset(msg.ref for msg in novas if msg.minha and msg.ref is not None)
        for item in self.caixa.soltar(conversa.sala, conversa.ultima_seq, refs):
            if item.estado is EstadoDoItem.PENDENTE:
                self.contar(m.ItemConfirmado(item))
            self.contar(m.ItemSumiu(item))

    def avisar(self, conversa: Conversa, tipo: TipoDeAviso, frase: str, nome: str = "") -> None:
        """Uma linha de aviso no fim da conversa."""
        self.contar(m.AvisoChegou(conversa.sala, conversa.avisar(tipo, frase, self.hora_ms(), nome)))
        aparadas = conversa.podar()
        if aparadas:
            self.contar(m.MensagensChegaram(conversa.sala, (), aparadas))

    # ------------------------------------------------------------------ eventos do servidor

    def aplicar(self, tipo: str, campos: dict[str, Any]) -> None:
        """Um evento já conferido; o tipo que não conhecemos é ignorado."""
        tratador = self._tratadores.get(tipo)
        if tratador is not None:
            tratador(campos)

    def _ao_chegar_mensagem(self, campos: dict[str, Any]) -> None:
        conversa = self.conversa(campos["sala"])
        if conversa is not None:
            self.contar_novas(conversa, conversa.receber(campos))

    def _ao_entrar_alguem(self, campos: dict[str, Any]) -> None:
        conversa = self.conversa(campos["sala"])
        if conversa is None:
            return
        if conversa.por_membro(campos["nome"], campos["total"], self.hora_ms()):
            self.avisar(conversa, TipoDeAviso.ENTROU, frases.contar_entrada(campos["nome"]), campos["nome"])
        self.contar_membros(conversa)

    def _ao_sair_alguem(self, campos: dict[str, Any]) -> None:
        conversa = self.conversa(campos["sala"])
        if conversa is None:
            return
        conversa.tirar_membro(campos["nome"], campos["total"], self.hora_ms() if campos["motivo"] == "caiu" else None)
        frase = frases.contar_saida(campos["nome"], campos["motivo"], campos.get("por"))
        self.avisar(conversa, TipoDeAviso.SAIU, frase, campos["nome"])
        self.contar_membros(conversa)

    def _ao_renomear_alguem(self, campos: dict[str, Any]) -> None:
        frase = frases.contar_renomeacao(campos["de"], campos["para"])
        for conversa in self.conversas.values():
            if conversa.renomear_membro(campos["de"], campos["para"]):
                self.avisar(conversa, TipoDeAviso.RENOMEADO, frase, campos["para"])
                self.contar_membros(conversa)
        self.privadas.renomear(campos["de"], campos["para"])

    def _ao_mudar_moderador(self, campos: dict[str, Any]) -> None:
        conversa = self.conversa(campos["sala"])
        if conversa is None:
            return
        conversa.mudar_moderador(campos["nome"], campos["valor"])
        frase = frases.contar_moderacao(campos["nome"], campos["valor"], self.sou_eu(campos["nome"]))
        self.avisar(conversa, TipoDeAviso.MODERADOR, frase, campos["nome"])
        self.contar_membros(conversa)

    def _ao_ser_removido(self, campos: dict[str, Any]) -> None:
        conversa = self.conversa(campos["sala"])
        if conversa is not None:
            motivo, por = campos["motivo"], campos.get("por")
            frase = frases.contar_remocao(conversa.sala, motivo, por, campos.get("texto"))
            self.fechar_conversa(conversa, motivo, frase, por, campos.get("texto") or None)

    def _ao_digitar_alguem(self, campos: dict[str, Any]) -> None:
        conversa = self.conversa(campos["sala"])
        if conversa is not None:
            self.contar(m.AlguemDigitando(conversa.sala, campos["nome"]))

    def _ao_falar_o_robo(self, campos: dict[str, Any]) -> None:
        conversa = self.conversa(campos["sala"]) if "sala" in campos else None
        origem = self.origem_do_robo() if "sala" not in campos else None
        privada = self.privadas.com(origem) if origem is not None else None
        if conversa is not None:
            self.avisar(conversa, TipoDeAviso.ROBO, campos["texto"])
        if privada is not None:
            self.privadas.avisar(privada, TipoDeAviso.ROBO, campos["texto"])
        self.contar(m.RoboFalou(conversa.sala if conversa is not None else None, campos["texto"],
                                privada.nome if privada is not None else None))

    def _ao_chegar_aviso(self, campos: dict[str, Any]) -> None:
        for conversa in self.conversas.values():
            self.avisar(conversa, TipoDeAviso.AVISO_GERAL, campos["texto"])
        self.contar(m.AvisoGeral(campos["texto"], ler_hora(campos["hora"])))

    def _ao_mudar_sala(self, campos: dict[str, Any]) -> None:
        sala = self.lista.mudar(campos)
        if sala is not None:
            self.contar(m.SalaMudou(sala))

    def _ao_remover_sala(self, campos: dict[str, Any]) -> None:
        self.lista.remover(campos["sala"])
        self.contar(m.SalaRemovida(campos["sala"]))
