"""Onde se lê uma sala: acompanha a ``Conversa`` desenhando só o que falta, e só perto do que se lê.

``sincronizar`` compara o trecho desenhado com o que a conversa tem e faz uma inserção por leva, chegue quanto chegar.
Quem lê longe do fim não é incomodado: o que chega se conta, e se desenha quando se rola até lá.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from datetime import date

from cliente.telas.conversa.escrita import Contexto
from cliente.telas.conversa.folha import Folha
from cliente.telas.conversa.lugar import Fonte
from cliente.telas.conversa.trecho import Trecho
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
        self._marcas_de_autor: dict[str, str] = {}
        self._hoje = date.today()
        self._por_ler = 0
        self._ultima_contada: int | None = None
        self._esta_inteiro = False
        """A conversa ainda tem todas as linhas desenhadas."""
        self._espera: str | None = None
        self.folha = Folha(self, self._ao_rolar, ao_digitar)
        self.folha.pack(fill="both", expand=True)
        self._texto = self.folha.texto
        self.trecho = Trecho(self._texto, conversa, self._montar_contexto)
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
        self._esta_inteiro = self.trecho.conferir()
        chegadas = self._contar_chegadas()
        hoje = date.today()
        if hoje != self._hoje:
            self._hoje = hoje
            self._redesenhar()
        elif self.folha.segue_o_fim or not len(self.trecho):
            self._acompanhar()
        else:
            self._continuar_lendo(chegadas)
        self._mostrar_vazio()
        if self._espera is None:
            self._espera = self.after_idle(self._encher)

    def ir_ao_fim(self) -> None:
        """Mostra o fim da conversa e passa a segui-lo."""
        self._seguir(True)
        self.sincronizar()
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
        if not self._esta_inteiro:
            self._retomar_a_conversa()
        if self.trecho.primeira > 0:
            self._por_antes()
        elif self.conversa.pedir_antigas():
            self._andamento.place(relx=0.5, rely=0, y=self._tema.px(6), anchor="n")

    def receber_antigas(self) -> None:
        """As mais antigas chegaram (ou não vieram)."""
        self._andamento.place_forget()
        self.sincronizar()
        if self._esta_inteiro and self.trecho.primeira > 0:
            self._por_antes()

    def mostrar_numero(self, numero: int) -> tuple[str, str] | None:
        """Traz a linha da conversa com esse número; devolve onde ela está no Text."""
        self.sincronizar()
        posicao = next((n for n, linha in enumerate(self.conversa.linhas) if linha.numero == numero), None)
        if posicao is None:
            return None
        self._seguir(False)
        primeira = self.trecho.primeira
        if not self._esta_inteiro or not primeira <= posicao < primeira + len(self.trecho):
            self._desenhar(posicao - POR_VEZ, posicao + POR_VEZ)
        inicio, fim = self.trecho.achar(posicao)
        self._texto.see(inicio)
        return inicio, fim

    def destroy(self) -> None:
        """Desiste de encher a vista e destrói."""
        if self._espera is not None:
            self.after_cancel(self._espera)
            self._espera = None
        super().destroy()

    # ------------------------------------------------------------------ o que mudou

    def _acompanhar(self) -> None:
        """A vista está no fim, e no fim continua."""
        total = len(self.conversa.linhas)
        if not self._esta_inteiro or self.trecho.abaixo > LEVA_MAX:
            self._desenhar(total - AO_ABRIR, total)
        else:
            self.trecho.acertar_separador()
            self.trecho.por_depois(self.trecho.abaixo)
            sobra = len(self.trecho) - DESENHADAS_MAX
            if sobra > FOLGA_DA_PODA:
                self.trecho.tirar_do_comeco(sobra)
        if self.folha.segue_o_fim:
            self.folha.voltar_ao_fim()

    def _continuar_lendo(self, chegadas: int) -> None:
        """O que se lê não sai do lugar, ainda que a conversa já não o guarde."""
        if self._esta_inteiro:
            self.trecho.acertar_separador()
            self.trecho.por_depois(max(0, min(self.trecho.abaixo, DESENHADAS_MAX - len(self.trecho))))
        if chegadas:
            self._contar_por_ler(self._por_ler + chegadas)

    def _contar_chegadas(self) -> int:
        """Quantas mensagens de outros chegaram desde a última vez."""
        linhas, contada = self.conversa.linhas, self._ultima_contada
        self._ultima_contada = linhas[-1].numero if linhas else None
        quantas = 0
        if contada is not None:
            for linha in reversed(linhas):
                if linha.numero == contada:
                    break
                quantas += not getattr(linha, "minha", True)
        return quantas

    def _desenhar(self, inicio: int, fim: int) -> None:
        self.trecho.recomecar(inicio, fim)
        self._esta_inteiro = True
        self.mostrar_selos()

    def _redesenhar(self) -> None:
        """Tudo outra vez, sem sair de onde se lê."""
        if self.folha.segue_o_fim:
            self._desenhar(len(self.conversa.linhas) - AO_ABRIR, len(self.conversa.linhas))
            self.folha.voltar_ao_fim()
        elif not self._esta_inteiro:
            self._retomar_a_conversa()
        else:
            no_alto, primeira = self.trecho.posicao_no_alto(), self.trecho.primeira
            self._desenhar(primeira, primeira + len(self.trecho))
            self._texto.yview(self.trecho.achar(min(no_alto, primeira + len(self.trecho) - 1))[0])

    def _retomar_a_conversa(self) -> None:
        """O que se lia já saiu da conversa: segue-se do mais antigo que ela tem, e o resto está no servidor."""
        self._desenhar(0, POR_VEZ)
        self._texto.yview("1.0")

    def _por_antes(self) -> None:
        """Desenha as anteriores à primeira sem mexer no que se está lendo."""
        seguro = self.folha.segurar()
        self.trecho.por_antes(POR_VEZ)
        self.folha.soltar(seguro)
        sobra = len(self.trecho) - DESENHADAS_MAX
        if sobra > FOLGA_DA_PODA and not self.folha.segue_o_fim:
            self.trecho.tirar_do_fim(sobra)

    def _por_depois(self) -> None:
        self.trecho.por_depois(POR_VEZ)
        sobra = len(self.trecho) - DESENHADAS_MAX
        if sobra > FOLGA_DA_PODA:
            seguro = self.folha.segurar()
            self.trecho.tirar_do_comeco(sobra)
            self.folha.soltar(seguro)

    # ------------------------------------------------------------------ marcas

    def _montar_contexto(self) -> Contexto:
        return Contexto(self._hoje, self._dizer_meu_nome(), self.conversa.novas_desde, self._marcar_autor,
                        self._tema.para_tk, self.conversa.nomes_conhecidos, self.conversa.e_privada)

    def _marcar_autor(self, autor: str) -> str:
        identidade = chave(autor)
        marca = self._marcas_de_autor.get(identidade)
        if marca is None:
            marca = self._marcas_de_autor[identidade] = f"autor{len(self._marcas_de_autor)}"
            self._texto.tag_configure(marca, elide=identidade not in self.conversa.listar_moderadores())
        return marca

    # ------------------------------------------------------------------ rolagem e avisos

    def _ao_rolar(self) -> None:
        self._seguir(self.folha.segue_o_fim)
        if self.folha.segue_o_fim:
            self._ao_chegar_ao_fim()
        if self.folha.segue_o_fim and self._por_ler:
            self._contar_por_ler(0)
        if self._texto.yview()[0] <= PERTO_DO_COMECO and (self.trecho.primeira > 0 or self.conversa.ha_mais):
            self.pedir_antigas()

    def _ao_chegar_ao_fim(self) -> None:
        """O fim do que está desenhado pode não ser o da conversa."""
        self._esta_inteiro = self.trecho.conferir()
        if self.trecho.esta_vazio or (self._esta_inteiro and not self.trecho.abaixo):
            return
        self._seguir(False)
        if self._esta_inteiro:
            self._por_depois()
        else:
            self._retomar_a_conversa()

    def _seguir(self, sim: bool) -> None:
        self.folha.segue_o_fim = sim
        self.conversa.segurar(not sim)

    def _encher(self) -> None:
        """Numa janela alta, o que não rola também não chamaria o que falta."""
        self._espera = None
        if self._texto.winfo_ismapped() and self._texto.yview() == (0.0, 1.0) \
                and (self.trecho.primeira > 0 or self.conversa.ha_mais):
            self.pedir_antigas()

    def _contar_por_ler(self, quantas: int) -> None:
        self._por_ler = quantas
        if quantas:
            self.botao.definir(texto="1 nova" if quantas == 1 else f"{quantas} novas")
            self.botao.place(relx=0.5, rely=1, y=-self._tema.px(10), anchor="s")
        else:
            self.botao.place_forget()

    def _mostrar_vazio(self) -> None:
        if self.trecho.esta_vazio:
            self._vazio.place(relx=0.5, rely=0.4, anchor="center")
        else:
            self._vazio.place_forget()

    def _ao_mudar_o_tema(self) -> None:
        """Avatares e relógios são imagens de um tamanho: desenham-se de novo."""
        if not self.trecho.esta_vazio:
            self._esta_inteiro = self.trecho.conferir()
            self._redesenhar()
