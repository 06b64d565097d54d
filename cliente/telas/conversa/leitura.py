"""Onde se lê uma sala: acompanha a ``Conversa`` desenhando só o que falta.

O Text mostra sempre o fim da conversa, tão para trás quanto se rolou. ``sincronizar`` compara o que está desenhado
com o que a conversa tem e faz uma inserção por leva, chegue quanto chegar.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice

from cliente.sessao import ItemDeSaida, Linha
from cliente.telas.conversa.escrita import Contexto, Escrita, escrever, escrever_pendente
from cliente.telas.conversa.folha import Folha
from cliente.telas.conversa.impressao import Impressao
from cliente.telas.conversa.lugar import Fonte
from interface.componentes import Botao, Painel, Rotulo
from interface.tema import tema_de
from protocolo.textos import chave

AO_ABRIR = 150
POR_VEZ = 100
LEVA_MAX = 600
DESENHADAS_MAX = 1_000
FOLGA_DA_PODA = 250
PERTO_DO_COMECO = 0.02


class Leitura(Painel):
    """Uma por sala em que se está; a que não está à vista só se põe em dia quando volta a estar."""

    def __init__(self, mestre: tk.Misc, conversa: Fonte, dizer_meu_nome: Callable[[], str],
                 ao_digitar: Callable[[str], object]) -> None:
        super().__init__(mestre, plano="superficie")
        self._tema = tema_de(mestre)
        self.conversa, self._dizer_meu_nome = conversa, dizer_meu_nome
        self._escritas: list[Escrita] = []
        self._pendentes: tuple[ItemDeSaida, ...] = ()
        self._marcas_de_autor: dict[str, str] = {}
        self._hoje = date.today()
        self._por_ler = 0
        self._espera: str | None = None
        self.folha = Folha(self, self._ao_rolar, ao_digitar)
        self.folha.pack(fill="both", expand=True)
        self._texto = self.folha.texto
        self._impressao = Impressao(self._texto)
        self._texto.mark_set("fim", "1.0")
        self._vazio = Rotulo(self, "Ainda não há mensagens aqui. Escreva a primeira!", cor="apagado")
        self._andamento = Rotulo(self, "Trazendo mensagens mais antigas…", fonte="legenda", cor="apagado")
        self.botao = Botao(self, "", self.ir_ao_fim, tipo="primario", icone="desce")
        self._tema.ao_mudar(self._ao_mudar_o_tema)

    # ------------------------------------------------------------------ para a tela

    @property
    def por_ler(self) -> int:
        """Quantas mensagens chegaram abaixo do que está à vista."""
        return self._por_ler

    def sincronizar(self) -> None:
        """Desenha o que mudou desde a última vez."""
        linhas = self.conversa.linhas
        hoje = date.today()
        novas = self._contar_novas(linhas)
        if novas is None or hoje != self._hoje or (novas > LEVA_MAX and self.folha.segue_o_fim):
            self._hoje = hoje
            self._recomecar()
        else:
            self._acrescentar(linhas, novas)
        self._mostrar_vazio()
        if self._espera is None:
            self._espera = self.after_idle(self._encher)

    def ir_ao_fim(self) -> None:
        """Mostra o fim da conversa e passa a segui-lo."""
        self.folha.voltar_ao_fim()
        self._podar()
        self.folha.voltar_ao_fim()
        self._contar_por_ler(0)

    def mostrar_selos(self) -> None:
        """Liga e desliga o selo de cada autor, conforme quem modera agora."""
        moderadores = self.conversa.listar_moderadores()
        for autor, marca in self._marcas_de_autor.items():
            self._texto.tag_configure(marca, elide=autor not in moderadores)

    def pedir_antigas(self) -> None:
        """Desenha as que já estão à mão; não havendo, pede ao servidor."""
        self.sincronizar()
        if self._primeira() > 0:
            self._por_antes(POR_VEZ)
        elif self.conversa.pedir_antigas():
            self._andamento.place(relx=0.5, rely=0, y=self._tema.px(6), anchor="n")

    def receber_antigas(self) -> None:
        """As mais antigas chegaram (ou não vieram)."""
        self._andamento.place_forget()
        self.sincronizar()
        if self._primeira() > 0:
            self._por_antes(POR_VEZ)

    def mostrar_numero(self, numero: int) -> tuple[str, str] | None:
        """Traz a linha da conversa com esse número; devolve onde ela está no Text."""
        self.sincronizar()
        posicao = next((n for n, linha in enumerate(self.conversa.linhas) if linha.numero == numero), None)
        if posicao is None:
            return None
        if posicao < self._primeira():
            self._por_antes(self._primeira() - posicao)
        inicio = self._linha_do_text(posicao - self._primeira())
        fim = inicio + self._escritas[posicao - self._primeira()].linhas
        self.folha.segue_o_fim = False
        self._texto.see(f"{inicio}.0")
        return f"{inicio}.0", f"{fim}.0"

    def destroy(self) -> None:
        """Desiste de encher a vista e destrói."""
        if self._espera is not None:
            self.after_cancel(self._espera)
            self._espera = None
        super().destroy()

    # ------------------------------------------------------------------ o que mudou

    def _contar_novas(self, linhas: Sequence[Linha]) -> int | None:
        """Quantas linhas vêm depois da última desenhada; ``None`` se ela já não está na conversa."""
        if not self._escritas:
            return None
        ultima = self._escritas[-1].numero
        return next((n for n, linha in enumerate(reversed(linhas)) if linha.numero == ultima), None)

    def _primeira(self) -> int:
        """A posição, na conversa, da primeira linha desenhada."""
        return len(self.conversa.linhas) - len(self._escritas)

    def _recomecar(self) -> None:
        linhas = self.conversa.linhas
        no_alto = None if self.folha.segue_o_fim else self._numero_no_alto()
        guarda = AO_ABRIR if no_alto is None else max(AO_ABRIR, len(self._escritas))
        self._texto.delete("1.0", "end-1c")
        self._texto.mark_set("fim", "1.0")
        self._escritas = []
        self._impressao.esquecer_imagens()
        self._inserir_no_fim(linhas[max(0, len(linhas) - guarda):], None)
        self._desenhar_pendentes()
        posicao = next((n for n, escrita in enumerate(self._escritas) if escrita.numero == no_alto), None)
        if posicao is None:
            self.folha.voltar_ao_fim()
        else:
            self._texto.yview(f"{self._linha_do_text(posicao)}.0")
        self.mostrar_selos()

    def _numero_no_alto(self) -> int | None:
        """A linha da conversa que está no alto da vista."""
        linha = int(self._texto.index("@0,0").split(".")[0])
        for escrita in self._escritas:
            linha -= escrita.linhas
            if linha <= 0:
                return escrita.numero
        return None

    def _acrescentar(self, linhas: Sequence[Linha], novas: int) -> None:
        pendentes = self.conversa.listar_pendentes()
        self._acertar_separador()
        if not novas and pendentes == self._pendentes:
            self._aparar_com_a_conversa()
            return
        segue = self.folha.segue_o_fim
        self._texto.delete("fim", "end-1c")
        chegadas = linhas[len(linhas) - novas:]
        anterior = linhas[-novas - 1] if len(linhas) > novas else None
        self._inserir_no_fim(chegadas, anterior)
        self._aparar_com_a_conversa()
        self._desenhar_pendentes()
        if segue:
            self._podar()
            self.folha.voltar_ao_fim()
        elif novas:
            self._contar_por_ler(self._por_ler + sum(1 for linha in chegadas if not getattr(linha, "minha", True)))

    def _inserir_no_fim(self, linhas: Sequence[Linha], anterior: Linha | None) -> None:
        self._texto.mark_gravity("fim", "right")
        self._escritas += self._inserir("fim", linhas, anterior)

    def _inserir(self, onde: str, linhas: Sequence[Linha], anterior: Linha | None) -> list[Escrita]:
        contexto = self._montar_contexto()
        escritas: list[Escrita] = []
        for linha in linhas:
            escritas.append(escrever(linha, anterior, contexto))
            anterior = linha
        self._impressao.por(onde, escritas)
        return escritas

    def _desenhar_pendentes(self) -> None:
        """As não confirmadas ficam sempre depois de tudo, apagadas e com um relógio."""
        self._pendentes = self.conversa.listar_pendentes()
        self._texto.mark_gravity("fim", "left")
        anterior: Linha | ItemDeSaida | None = self.conversa.linhas[-1] if self.conversa.linhas else None
        contexto = self._montar_contexto()
        for item in self._pendentes:
            self._impressao.por_pendente(escrever_pendente(item, anterior, contexto))
            anterior = item

    # ------------------------------------------------------------------ acertos

    def _montar_contexto(self) -> Contexto:
        return Contexto(self._hoje, self._dizer_meu_nome(), self.conversa.novas_desde, self._marcar_autor,
                        self._tema.para_tk, self.conversa.e_privada)

    def _marcar_autor(self, autor: str) -> str:
        identidade = chave(autor)
        marca = self._marcas_de_autor.get(identidade)
        if marca is None:
            marca = self._marcas_de_autor[identidade] = f"autor{len(self._marcas_de_autor)}"
            self._texto.tag_configure(marca, elide=identidade not in self.conversa.listar_moderadores())
        return marca

    def _acertar_separador(self) -> None:
        """A linha das novas mensagens muda de lugar ou some sem se redesenhar o resto."""
        for posicao, escrita in enumerate(self._escritas):
            deve_ter = escrita.seq is not None and escrita.seq == self.conversa.novas_desde
            if escrita.tem_separador != deve_ter:
                self._reescrever(posicao)

    def _linha_do_text(self, posicao: int) -> int:
        return 1 + sum(escrita.linhas for escrita in islice(self._escritas, posicao))

    def _reescrever(self, posicao: int) -> None:
        inicio = self._linha_do_text(posicao)
        na_conversa = self._primeira_na_conversa(posicao)
        if na_conversa is None:
            return
        self._texto.delete(f"{inicio}.0", f"{inicio + self._escritas[posicao].linhas}.0")
        linhas = self.conversa.linhas
        anterior = linhas[na_conversa - 1] if posicao > 0 and na_conversa > 0 else None
        self._texto.mark_gravity("fim", "right")
        [self._escritas[posicao]] = self._inserir(f"{inicio}.0", [linhas[na_conversa]], anterior)

    def _primeira_na_conversa(self, posicao: int) -> int | None:
        """Onde está na conversa a linha desenhada em ``posicao`` (podem já ter chegado outras depois)."""
        numero = self._escritas[posicao].numero
        return next((n for n, linha in enumerate(self.conversa.linhas) if linha.numero == numero), None)

    def _por_antes(self, quantas: int) -> None:
        """Desenha as anteriores à primeira sem mexer no que se está lendo."""
        primeira = self._primeira()
        linhas = self.conversa.linhas[max(0, primeira - quantas):primeira]
        seguro = self.folha.segurar()
        self._texto.mark_gravity("fim", "right")
        self._escritas[:0] = self._inserir("1.0", linhas, None)
        if len(self._escritas) > len(linhas):
            self._reescrever(len(linhas))
        self.folha.soltar(seguro)

    def _aparar_com_a_conversa(self) -> None:
        """O que a conversa já não guarda sai também daqui."""
        self._tirar_do_comeco(len(self._escritas) - len(self.conversa.linhas))

    def _podar(self) -> None:
        sobra = len(self._escritas) - DESENHADAS_MAX
        if sobra > FOLGA_DA_PODA:
            self._tirar_do_comeco(sobra)

    def _tirar_do_comeco(self, quantas: int) -> None:
        if quantas <= 0:
            return
        self._texto.delete("1.0", f"{self._linha_do_text(quantas)}.0")
        del self._escritas[:quantas]
        if self._escritas:
            self._reescrever(0)

    # ------------------------------------------------------------------ rolagem e avisos

    def _ao_rolar(self) -> None:
        if self.folha.segue_o_fim and self._por_ler:
            self._contar_por_ler(0)
        if self._texto.yview()[0] <= PERTO_DO_COMECO and (self._primeira() > 0 or self.conversa.ha_mais):
            self.pedir_antigas()

    def _encher(self) -> None:
        """Numa janela alta, o que não rola também não chamaria o que falta."""
        self._espera = None
        if self._texto.winfo_ismapped() and self._texto.yview() == (0.0, 1.0) \
                and (self._primeira() > 0 or self.conversa.ha_mais):
            self.pedir_antigas()

    def _contar_por_ler(self, quantas: int) -> None:
        self._por_ler = quantas
        if quantas:
            self.botao.definir(texto="1 nova" if quantas == 1 else f"{quantas} novas")
            self.botao.place(relx=0.5, rely=1, y=-self._tema.px(10), anchor="s")
        else:
            self.botao.place_forget()

    def _mostrar_vazio(self) -> None:
        if self.conversa.linhas or self._pendentes:
            self._vazio.place_forget()
        else:
            self._vazio.place(relx=0.5, rely=0.4, anchor="center")

    def _ao_mudar_o_tema(self) -> None:
        """Avatares e relógios são imagens de um tamanho: desenham-se de novo."""
        if self._escritas or self._pendentes:
            self._recomecar()
