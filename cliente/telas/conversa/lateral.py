"""A barra das salas em que se está, com quem se é e como vai a conexão."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cliente.sessao import Conversa, Estado
from cliente.telas.aparencia import Aparencia
from cliente.telas.recentes import montar_endereco
from interface.componentes import Botao, ItemDeMenu, ListaVirtual, Painel, Rotulo, TituloDeSecao
from interface.componentes.linha import Linha
from interface.imagens import avatar, icone, logo
from interface.tema import tema_de
from protocolo.textos import chave

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

LARGURA = 232
_ALTURA_DA_SALA = 34
_NAO_LIDAS_MAX = 99
_ESTADOS = {
    Estado.IDENTIFICADA: ("conectado", "ok"), Estado.CONECTANDO: ("reconectando…", "aviso"),
    Estado.SAUDADA: ("reconectando…", "aviso"), Estado.IDENTIFICANDO: ("reconectando…", "aviso"),
    Estado.CAIU: ("sem conexão", "erro"), Estado.DESCONECTADA: ("sem conexão", "erro"),
}


class Lateral(Painel):
    """``ao_mudar_de_sala(sala)``: o usuário escolheu outra; ``ao_pedir_salas()``: quer a lista inteira."""

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente, ao_mudar_de_sala: Callable[[str], object],
                 ao_pedir_salas: Callable[[], object]) -> None:
        super().__init__(mestre, plano="lateral", width=LARGURA)
        self.pack_propagate(False)
        self._tema = tema_de(mestre)
        self._janela, self._sessao = janela, janela.sessao
        self._ao_mudar_de_sala = ao_mudar_de_sala
        self._montar_servidor()
        self._montar_titulo(ao_pedir_salas)
        self._montar_eu()
        self.lista: ListaVirtual[Conversa] = ListaVirtual(
            self, self._desenhar_sala, altura=_ALTURA_DA_SALA, vao=0,
            ao_escolher=lambda _c, conversa: janela.focar_a_tela(), ao_selecionar=self._ao_selecionar)
        self._tema.empacotar(self.lista, fill="both", expand=True, padx=4)
        # O clique é para ir escrever; as setas do teclado continuam na lista.
        self.lista.tela.bind("<ButtonRelease-1>", lambda _e: janela.focar_a_tela(), add=True)

    def _montar_servidor(self) -> None:
        alto = Painel(self)
        self._tema.empacotar(alto, fill="x", padx=16, pady=(14, 8))
        Rotulo(alto, imagem=logo(28)).pack(side="left")
        coluna = Painel(alto)
        self._tema.empacotar(coluna, side="left", padx=(10, 0))
        self._servidor = Rotulo(coluna, "", fonte="forte")
        self._servidor.pack(anchor="w")
        self._endereco = Rotulo(coluna, "", fonte="mini", cor="apagado")
        self._endereco.pack(anchor="w")

    def _montar_titulo(self, ao_pedir_salas: Callable[[], object]) -> None:
        linha = Painel(self)
        self._tema.empacotar(linha, fill="x", padx=(18, 10), pady=(8, 2))
        TituloDeSecao(linha, "Salas").pack(side="left")
        self.outras = Botao(linha, comando=ao_pedir_salas, tipo="fantasma", icone="adicionar", lado_do_icone=16,
                            dica="Outras salas (Ctrl+K)")
        self.outras.pack(side="right")

    def _montar_eu(self) -> None:
        pe = Painel(self)
        self._tema.empacotar(pe, side="bottom", fill="x", padx=(14, 6), pady=(8, 12))
        self._avatar = Rotulo(pe)
        self._avatar.pack(side="left")
        self.aparencia = Aparencia(pe, self._janela, self._listar_do_menu, "engrenagem")
        self.aparencia.pack(side="right")
        coluna = Painel(pe)
        self._tema.empacotar(coluna, side="left", padx=(9, 0))
        self._nome = Rotulo(coluna, "", fonte="forte")
        self._nome.pack(anchor="w")
        self._estado = Rotulo(coluna, "", fonte="mini", cor="apagado")
        self._estado.pack(anchor="w")

    def _listar_do_menu(self) -> list[ItemDeMenu]:
        return [ItemDeMenu("Trocar de servidor", self._janela.voltar_a_conectar, icone="porta")]

    # ------------------------------------------------------------------ para a tela

    def mostrar(self, sala: str | None) -> None:
        """Põe em dia a lista, marcando a sala à vista."""
        self.lista.definir([(chave(c.sala), c) for c in self._sessao.conversas])
        self.lista.selecionar(chave(sala) if sala is not None else None)
        self.lista.redesenhar()

    def mostrar_quem_sou(self) -> None:
        """Nome, estado da conexão e latência."""
        frase, cor = _ESTADOS[self._sessao.estado]
        nome = self._sessao.nome or ""
        latencia = self._sessao.latencia_ms
        if self._sessao.estado is Estado.IDENTIFICADA and latencia is not None:
            frase = f"{frase} · {max(1, round(latencia))} ms"
        self._tema.vestir(self._avatar, image=avatar(nome or "?", 32, cor, "lateral"))
        self._nome.definir(self._tema.encurtar("forte", self._tema.para_tk(nome), 94))
        self._estado.definir(frase, "erro" if cor == "erro" else "apagado")
        servidor = self._sessao.servidor
        titulo = self._tema.para_tk(servidor.nome if servidor is not None else "Chat Multissala")
        self._servidor.definir(self._tema.encurtar("forte", titulo, LARGURA - 72))
        endereco = montar_endereco(*self._janela.destino)
        self._endereco.definir(self._tema.encurtar("mini", endereco, LARGURA - 72))

    # ------------------------------------------------------------------ por dentro

    def _ao_selecionar(self, _chave: Any, conversa: Conversa) -> None:
        self._ao_mudar_de_sala(conversa.sala)

    def _desenhar_sala(self, linha: Linha, conversa: Conversa) -> None:
        tem_novas = conversa.nao_lidas > 0
        cor = "destaque_texto" if linha.esta_selecionada else "texto" if tem_novas else "apagado"
        linha.imagem(16, linha.meio, icone("cadeado" if self._janela.cadeados.tem(conversa.sala) else "sala", 16, cor))
        livre = linha.largura - 52
        if tem_novas:
            texto = str(conversa.nao_lidas) if conversa.nao_lidas <= _NAO_LIDAS_MAX else f"{_NAO_LIDAS_MAX}+"
            livre -= linha.pilula(-12, linha.meio, texto, "destaque", "sobre_destaque", "e") + 8
        linha.texto(42, linha.meio, conversa.sala, "forte" if linha.esta_selecionada or tem_novas else "corpo", cor,
                    largura=livre)
