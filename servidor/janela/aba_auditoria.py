"""A aba Auditoria: o que se disse e o que aconteceu, em todas as salas."""

from __future__ import annotations

import time
import tkinter as tk
from datetime import datetime
from functools import partial
from typing import Any, Callable

from interface.componentes import Botao, Busca, Campo, Filtro as Etiqueta, ItemDeMenu, Painel, Rotulo, abrir_menu_sob
from interface.tema import tema_de
from protocolo.textos import ordem_alfabetica
from servidor.janela.achado_inteiro import AchadoInteiro
from servidor.janela.colunas import Aspecto, Coluna
from servidor.janela.exportacao import Avisar, EscolherArquivo, exportar
from servidor.janela.formatos import TRAVESSAO, contar
from servidor.janela.procura_na_auditoria import (ACHADOS_MAX, GRUPOS, Achado, ErroNaProcura, Periodo, Procura, formatar_data_e_hora,
                                                  montar_csv, montar_pergunta, nome_do_tipo)
from servidor.janela.tabela_viva import TabelaViva
from servidor.publicacao import PerguntaDeAuditoria, RespostaDeAuditoria

ESPERA_DA_PROCURA_MS = 250
_PREFIXO_MAX = 300         # o que se escreve numa célula; o clique duplo mostra tudo
_LARGURA_PARA_TUDO = 1_000
_SEM_SERVIDOR = "Inicie o servidor para procurar no que ele guardou."
_EXEMPLO_DE_DATA = "Ex.: 21/11/2026 14:30"
_SEM_TIPO = "Ligue ao menos um dos tipos: mensagens, entradas e saídas…"
_SEM_ACHADOS = "Nada foi encontrado.\nTente menos palavras, outro período ou mais tipos."
_PROCURANDO = "Procurando…"
_CORES = {"moderacao": ("aviso", ""), "acontecimento": ("apagado", ""), "mensagem": ("texto", "")}
Perguntar = Callable[[PerguntaDeAuditoria], None]

COLUNAS: tuple[Coluna[Achado], ...] = (
    Coluna("hora", "Data e hora", lambda a: formatar_data_e_hora(a.item.hora_ms), lambda a: -a.id, 160, comeca_do_maior=True),
    Coluna("tipo", "O quê", lambda a: nome_do_tipo(a.item.tipo), lambda a: nome_do_tipo(a.item.tipo), 172),
    Coluna("sala", "Sala", lambda a: f"#{a.item.sala}" if a.item.sala else TRAVESSAO, lambda a: ordem_alfabetica(a.item.sala), 130),
    Coluna("nome", "Usuário", lambda a: a.item.nome or TRAVESSAO, lambda a: ordem_alfabetica(a.item.nome), 150),
    Coluna("por", "Por", lambda a: a.item.por or TRAVESSAO, lambda a: ordem_alfabetica(a.item.por), 110),
    Coluna("texto", "Texto", lambda a: " ".join(a.item.texto[:_PREFIXO_MAX].split()), lambda a: ordem_alfabetica(a.item.texto[:_PREFIXO_MAX]), 240, estica=True),
)


def _marca(achado: Achado) -> str:
    if achado.item.tipo == "mensagem":
        return "mensagem"
    return "moderacao" if achado.item.tipo in GRUPOS["Moderação"] else "acontecimento"


class AbaAuditoria(Painel):
    """Pergunta ao servidor pouco depois da última tecla; a resposta enche a tabela aos pedaços."""

    def __init__(self, mestre: tk.Misc, escolher_arquivo: EscolherArquivo, avisar: Avisar, perguntar: Perguntar) -> None:
        super().__init__(mestre, plano="superficie")
        self._tema = tema_de(mestre)
        self._escolher_arquivo = escolher_arquivo
        self._avisar = avisar
        self._perguntar = perguntar
        self._numero = 0
        self._periodo = Periodo.TUDO
        self._espera: str | None = None
        self._esta_no_ar = self._ja_procurou = self._acabou = False
        self.inteiro: AchadoInteiro | None = None
        self._montar_barra()
        self._montar_filtros()
        self._montar_datas()
        aspecto: Aspecto[Achado] = Aspecto(marca=_marca, cores=_CORES)
        self.tabela = TabelaViva(self, COLUNAS, aspecto, _SEM_SERVIDOR, self._menu, self._mostrar_inteiro)
        self.tabela.ordenar_por("hora")
        self.tabela.pack(fill="both", expand=True)
        self.bind("<Configure>", self._ao_mudar_de_tamanho)

    def mudar_servidor(self, esta_no_ar: bool) -> None:
        """Começou ou parou um servidor: parado, o que se achou fica à vista, mas não se procura mais."""
        self._esta_no_ar = esta_no_ar
        self._ja_procurou = False
        self._acabou = self._acabou or not esta_no_ar
        self._dizer()
        if esta_no_ar and self.winfo_viewable():
            self.procurar()

    def ao_aparecer(self) -> None:
        """Da primeira vez que se vê, já mostra o mais recente."""
        if not self._ja_procurou:
            self.procurar()

    def procurar(self) -> None:
        """Pergunta de novo, agora. Uma data que não se entende se diz ao lado do campo."""
        self._desmarcar()
        self.desde.limpar_erro()
        self.ate.limpar_erro()
        self._numero += 1          # o que ainda vier da pergunta anterior não vale
        try:
            pergunta = montar_pergunta(self.procura, self._numero, datetime.now())
        except ErroNaProcura as erro:
            {"desde": self.desde, "ate": self.ate}[erro.campo].mostrar_erro(str(erro), foca=False)
            self._acabou = True
            self._dizer()
            self.tabela.vazio.definir("Corrija a data para procurar.")
            return
        self.tabela.limpar()
        self._acabou = not (self._esta_no_ar and self.procura.grupos)
        self._dizer()
        if not self._acabou:
            self._ja_procurou = True
            self._perguntar(pergunta)

    def receber(self, resposta: RespostaDeAuditoria) -> None:
        """Mais achados da última pergunta; os de outra se ignoram."""
        if resposta.numero != self._numero:
            return
        primeiro = len(self.tabela.itens)
        self.tabela.aplicar([Achado(primeiro + n, item) for n, item in enumerate(resposta.itens)], ())
        self._acabou = resposta.acabou
        self._dizer()

    def focar_filtro(self) -> None:
        """Leva o foco à busca."""
        self.busca.focar()

    def exportar(self) -> None:
        """Grava numa planilha o que foi achado, na ordem em que se vê."""
        itens = [achado.item for achado in self.tabela.itens]
        caminho = self._escolher_arquivo(time.strftime("auditoria-%Y-%m-%d-%Hh%M.csv"))
        exportar(caminho, montar_csv(itens), len(itens), ("linha", "linhas"), self._avisar)

    @property
    def procura(self) -> Procura:
        """O que está escrito."""
        grupos = frozenset(grupo for grupo, etiqueta in self.etiquetas.items() if etiqueta.valor)
        return Procura(self.busca.texto, self.nome.texto, self.sala.texto, grupos, self._periodo, self.desde.texto, self.ate.texto)

    def mudar_periodo(self, periodo: Periodo) -> None:
        """Escolhe o período; ``ENTRE_DATAS`` mostra os dois campos."""
        self._periodo = periodo
        self.botao_do_periodo.definir(texto=f"Período: {periodo.value.rstrip('…').lower()}")
        if periodo is Periodo.ENTRE_DATAS:
            self._tema.empacotar(self._datas, fill="x", before=self.tabela)
            self.desde.focar()
        else:
            self._datas.pack_forget()
        self.procurar()

    def destroy(self) -> None:
        """Desiste da procura marcada."""
        self._desmarcar()
        super().destroy()

    # -- montagem --------------------------------------------------------------------

    def _montar_barra(self) -> None:
        barra = Painel(self, margem=(12, 10, 12, 4))
        barra.pack(fill="x")
        self.busca = Busca(barra, "Procurar em todas as salas", self._ao_mudar, largura=20, ao_confirmar=self.procurar)
        self.nome = Busca(barra, "Usuário", self._ao_mudar, largura=11, ao_confirmar=self.procurar)
        self.sala = Busca(barra, "Sala", self._ao_mudar, largura=11, ao_confirmar=self.procurar)
        self.botao_do_periodo = Botao(barra, "Período: tudo", self._abrir_periodos, tipo="fantasma", icone="relogio")
        self.botao_do_periodo.pack(side="right")
        for busca in (self.sala, self.nome):
            self._tema.empacotar(busca, side="right", padx=(8, 0))
        self.busca.pack(side="left", fill="x", expand=True)

    def _montar_filtros(self) -> None:
        linha = Painel(self, margem=(12, 2, 12, 4))
        linha.pack(fill="x")
        self.etiquetas = {grupo: Etiqueta(linha, grupo, True, self._ao_mudar) for grupo in GRUPOS}
        self.botao_de_atualizar = Botao(linha, comando=self.procurar, tipo="fantasma", icone="atualizar", dica="Procurar de novo (F5)")
        self.botao_de_exportar = Botao(linha, "Exportar", self.exportar, tipo="fantasma", icone="salvar", dica="Exportar para planilha (CSV)")
        for botao in (self.botao_de_exportar, self.botao_de_atualizar):
            self._tema.empacotar(botao, side="right", padx=(2, 0))
        for etiqueta in self.etiquetas.values():
            self._tema.empacotar(etiqueta, side="left", padx=(0, 6))
        self.nota = Rotulo(linha, "", fonte="legenda", cor="apagado")
        self._tema.empacotar(self.nota, side="right", padx=(8, 6))

    def _montar_datas(self) -> None:
        self._datas = Painel(self, margem=(12, 2, 12, 2))
        self.desde, self.ate = (Campo(self._datas, rotulo, ajuda=_EXEMPLO_DE_DATA, largura=24, ao_mudar=self._ao_mudar) for rotulo in ("De", "Até"))
        for campo in (self.desde, self.ate):
            self._tema.empacotar(campo, side="left", anchor="n", padx=(0, 16))

    def _abrir_periodos(self) -> None:
        abrir_menu_sob(self.botao_do_periodo, [ItemDeMenu(p.value, partial(self.mudar_periodo, p), marcado=p is self._periodo) for p in Periodo])

    def _menu(self, achado: Achado) -> list[ItemDeMenu]:
        item = achado.item
        itens = [ItemDeMenu("Ver por inteiro", lambda: self._mostrar_inteiro(achado), icone="busca")]
        itens += [ItemDeMenu(f"Só de {item.nome}", lambda: self._so(self.nome, item.nome), icone="usuario")] if item.nome else []
        return itens + ([ItemDeMenu(f"Só em #{item.sala}", lambda: self._so(self.sala, item.sala), icone="sala")] if item.sala else [])

    def _so(self, busca: Busca, texto: str) -> None:
        busca.entrada.texto = texto
        busca.entregar()

    # -- o que acontece --------------------------------------------------------------

    def _ao_mudar(self, _valor: object) -> None:
        self._desmarcar()
        self._espera = self.after(ESPERA_DA_PROCURA_MS, self.procurar)

    def _desmarcar(self) -> None:
        if self._espera is not None:
            self.after_cancel(self._espera)
            self._espera = None

    def _mostrar_inteiro(self, achado: Achado) -> None:
        self.inteiro = AchadoInteiro(self, achado.item)

    def _dizer(self) -> None:
        quantos = len(self.tabela.itens)
        texto = contar(quantos, "achado", "achados") if self._ja_procurou or quantos else ""
        texto += "  ·  procurando…" if not self._acabou and self._esta_no_ar and self._ja_procurou else ""
        self.nota.definir(f"Os {texto} mais recentes; restrinja a procura" if quantos >= ACHADOS_MAX else texto)
        self.botao_de_exportar.habilitar(quantos > 0)
        sem_nada = _SEM_ACHADOS if self._acabou else _PROCURANDO
        self.tabela.vazio.definir(_SEM_SERVIDOR if not self._esta_no_ar else _SEM_TIPO if not self.procura.grupos else sem_nada)

    def _ao_mudar_de_tamanho(self, evento: tk.Event[Any]) -> None:
        cabe_tudo = evento.width >= self._tema.px(_LARGURA_PARA_TUDO)
        self.botao_de_exportar.definir(texto="Exportar" if cabe_tudo else "")
