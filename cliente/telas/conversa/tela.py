"""A conversa: as salas em que se está à esquerda, as mensagens no meio, as pessoas à direita."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from cliente.sessao import Conversa, ConversaPrivada, Membro
from cliente.telas.conversa.acontecimentos import Acontecimentos
from cliente.telas.conversa.cabecalho import Cabecalho
from cliente.telas.conversa.colunas import Colunas
from cliente.telas.conversa.compositor import Compositor
from cliente.telas.conversa.digitando import Digitando
from cliente.telas.conversa.escrivaninha import Escrivaninha
from cliente.telas.conversa.lateral import Lateral
from cliente.telas.conversa.leitura import Leitura
from cliente.telas.conversa.lugar import Fonte, FonteDaPrivada, FonteDaSala, Lugar
from cliente.telas.conversa.membros import Membros
from cliente.telas.conversa.menu_da_conversa import MenuDaConversa
from cliente.telas.conversa.moderacao import Moderacao
from cliente.telas.conversa.procura import Procura
from interface.componentes import ItemDeMenu, Painel, Separador, abrir_menu, abrir_menu_sob
from interface.tema import tema_de
from protocolo.textos import chave

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

ENTRE_DESENHOS_MS = 40


class TelaConversa(Acontecimentos):
    """Cada conversa tem a sua leitura e o seu rascunho; só a que está à vista se desenha."""

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente) -> None:
        super().__init__(mestre, janela)
        self._tema = tema_de(mestre)
        self.lugar = None
        self._leituras = {}
        self._desenho: str | None = None
        self._com_membros_novos = False
        self._digitando = Digitando(janela, self._ao_mudar_quem_digita)
        self._montar()

    def _montar(self) -> None:
        self.lateral = Lateral(self, self.janela, self.mostrar_lugar, lambda: self.janela.ir_para("salas"),
                               self._ao_pedir_menu_na_barra)
        self.moderacao = Moderacao(self.janela)
        self.menu = MenuDaConversa(self.janela.chamados, self.procurar, self.sair_da_sala, self.alternar_silencio,
                                   self.exportar, self.moderacao.listar_da_sala)
        self._meio = Painel(self, plano="superficie")
        self.membros = Membros(self, self._ao_mencionar, self.mostrar_privada, self._listar_moderacao)
        self._colunas = Colunas(self, self.lateral, self._meio, self.membros, self.janela.preferencias)
        self.cabecalho = Cabecalho(self._meio, self.procurar, self._colunas.alternar_membros, self.sair_da_sala,
                                   self._colunas.alternar_lateral, self.abrir_menu)
        self.alto = self.cabecalho
        self.cabecalho.pack(fill="x")
        Separador(self._meio).pack(fill="x")
        # O pé se empacota antes da leitura, que fica com o que sobrar; mas o Tab passa primeiro pela leitura.
        self._lugar_da_leitura = Painel(self._meio, plano="superficie")
        self.escrivaninha = Escrivaninha(self._meio, self.janela, self._ao_enviar)
        self._tema.empacotar(self.escrivaninha, side="bottom", fill="x", padx=16, pady=(2, 12))
        self._lugar_da_leitura.pack(fill="both", expand=True)
        self.procura = Procura(self._meio, self._ao_fechar_procura)
        self.bind("<Configure>", lambda _e: self._arrumar())
        self._tema.ao_mudar(self._arrumar)

    @property
    def compositor(self) -> Compositor:
        """O campo de mensagem."""
        return self.escrivaninha.compositor

    # ------------------------------------------------------------------ a tela

    def dizer_titulo(self) -> str:
        """A conversa à vista."""
        if self.lugar is None:
            return "Conversa"
        return f"{self.lugar.nome} (privada)" if self.lugar.e_privada else f"#{self.lugar.nome}"

    def ao_chegar(self) -> None:
        """Volta à sala que estava à vista, se ainda se está nela."""
        conversas = self.sessao.conversas
        lugar, self.lugar = self.lugar, None
        if lugar is None or self._achar(lugar) is None:
            lugar = Lugar(conversas[0].sala) if conversas else None
        if lugar is not None:
            self.mostrar_lugar(lugar)
        self.lateral.mostrar_quem_sou()
        self._arrumar()

    def ao_partir(self) -> None:
        """O rascunho fica guardado."""
        self.escrivaninha.guardar()

    def focar(self) -> None:
        """No campo de mensagem."""
        self.compositor.focar()

    def ao_voltar(self) -> None:
        """Para ou fecha a procura, ou desiste de exportar; sem isso, vai à lista de salas (sem sair de nenhuma)."""
        if self.procura.desistir():
            return
        if self.procura.winfo_manager():
            self._ao_fechar_procura()
        elif self.janela.exportacao.esta_exportando:
            self.janela.exportacao.desistir()
        else:
            self.janela.ir_para("salas")

    # ------------------------------------------------------------------ comandos

    @property
    def sala(self) -> str | None:
        """A sala à vista; ``None`` numa conversa privada."""
        return self.lugar.nome if self.lugar is not None and not self.lugar.e_privada else None

    def mostrar_sala(self, sala: str) -> None:
        """Traz uma sala em que se está."""
        self.mostrar_lugar(Lugar(sala))

    def mostrar_privada(self, nome: str) -> None:
        """Traz a conversa com essa pessoa, nova se não havia."""
        self.mostrar_lugar(Lugar(self.sessao.abrir_privada(nome).nome, True))
        self.focar()

    def mostrar_lugar(self, lugar: Lugar) -> None:
        """Troca a conversa à vista; o rascunho de cada uma fica guardado."""
        conversa = self._achar(lugar)
        if conversa is None or self._e_aqui(lugar):
            return
        self._ao_fechar_procura()
        for leitura in self._leituras.values():
            leitura.pack_forget()
        self.lugar = Lugar(conversa.sala if isinstance(conversa, Conversa) else conversa.nome, lugar.e_privada)
        leitura = self._pegar_leitura(self.lugar, conversa)
        leitura.pack(fill="both", expand=True)
        leitura.sincronizar()
        self.janela.observar_sala()
        self._mostrar_cabecalho()
        self._mostrar_membros()
        self.mostrar_lateral()
        self._arrumar()
        self.escrivaninha.mostrar(self.lugar)
        self.escrivaninha.dizer_quem_digita("" if lugar.e_privada else self._digitando.dizer(self.lugar.nome))
        self.janela.mostrar_titulo()

    def trocar_de_sala(self, passos: int) -> None:
        """A conversa seguinte ou a anterior na barra, dando a volta."""
        lugares = [Lugar(conversa.sala) for conversa in self.sessao.conversas]
        privadas = sorted(self.sessao.privadas, key=lambda conversa: chave(conversa.nome))
        lugares += [Lugar(conversa.nome, True) for conversa in privadas]
        chaves = [lugar.chave for lugar in lugares]
        if self.lugar is not None and self.lugar.chave in chaves and len(lugares) > 1:
            self.mostrar_lugar(lugares[(chaves.index(self.lugar.chave) + passos) % len(lugares)])
            self.focar()

    def procurar(self) -> None:
        """Abre a procura nesta sala."""
        leitura = self.leitura
        if leitura is not None:
            self.procura.pack(fill="x", before=self._lugar_da_leitura)
            self.procura.abrir(leitura)

    def sair_da_sala(self) -> None:
        """Deixa a sala à vista (confirmando o servidor, vai-se a outra ou à lista), ou fecha a privada."""
        if self.sala is not None:
            self.sessao.sair(self.sala)
        elif self.lugar is not None:
            self.sessao.fechar_privada(self.lugar.nome)

    def abrir_menu(self) -> None:
        """O menu da conversa à vista, abaixo do seu botão."""
        if self.lugar is not None:
            abrir_menu_sob(self.cabecalho.mais, self.menu.listar_itens(self.lugar))

    def alternar_silencio(self, sala: str | None = None) -> None:
        """Silencia a sala dada, ou a que está à vista; ou volta a ouvi-la."""
        sala = sala or self.sala
        if sala is not None:
            self.janela.chamados.alternar_silencio(sala)
            self.mostrar_lateral()

    def mostrar_cadeados(self) -> None:
        """Alguma sala ganhou ou perdeu a senha."""
        self.lateral.lista.redesenhar()
        self._mostrar_cabecalho()

    def exportar(self, sufixo: str = ".html") -> None:
        """Copia para um arquivo a conversa à vista, do começo ao fim."""
        if self.lugar is not None:
            self.janela.exportacao.exportar(self.lugar, sufixo)

    def ditar(self, texto: str) -> None:
        """Envia um texto que não passou pelo campo de mensagem."""
        if self.sala is not None:
            self.sessao.enviar(self.sala, texto)
            self._ao_enviar()

    def esquecer_tudo(self) -> None:
        """Outro servidor, outras conversas."""
        for leitura in self._leituras.values():
            leitura.destroy()
        self._leituras.clear()
        self._digitando.esquecer()
        self.escrivaninha.esquecer()
        self.lugar = None
        self.mostrar_lateral()

    @property
    def leitura(self) -> Leitura | None:
        """A leitura da conversa à vista."""
        return self._leituras.get(self.lugar.chave) if self.lugar is not None else None

    def _achar(self, lugar: Lugar) -> Conversa | ConversaPrivada | None:
        return self.sessao.privada(lugar.nome) if lugar.e_privada else self.sessao.conversa(lugar.nome)

    # ------------------------------------------------------------------ desenho

    def _pegar_leitura(self, lugar: Lugar, conversa: Conversa | ConversaPrivada) -> Leitura:
        leitura = self._leituras.get(lugar.chave)
        if leitura is None:
            fonte: Fonte = (FonteDaSala(self.sessao, conversa) if isinstance(conversa, Conversa)
                            else FonteDaPrivada(self.sessao, conversa))
            leitura = Leitura(self._lugar_da_leitura, fonte, lambda: self.sessao.nome or "", self.compositor.inserir)
            self._leituras[lugar.chave] = leitura
        return leitura

    def _pedir_desenho(self) -> None:
        """No máximo 25 vezes por segundo, cheguem quantas mensagens chegarem."""
        if self._desenho is None:
            self._desenho = self.janela.agendar(ENTRE_DESENHOS_MS, self._desenhar)

    def _desenhar(self) -> None:
        self._desenho = None
        leitura = self.leitura
        if leitura is None:
            return
        leitura.sincronizar()
        if self._com_membros_novos:
            self._com_membros_novos = False
            leitura.mostrar_selos()
            self._mostrar_membros()

    def mostrar_lateral(self) -> None:
        """Põe em dia a barra das salas e o título."""
        self.lateral.mostrar(self.lugar)
        self.janela.mostrar_titulo()

    def _mostrar_membros(self) -> None:
        conversa = self.sessao.conversa(self.sala) if self.sala is not None else None
        if conversa is not None:
            self.membros.mostrar(conversa, self.sessao.nome or "", self._digitando.quem(conversa.sala))

    def _mostrar_cabecalho(self) -> None:
        conversa = self._achar(self.lugar) if self.lugar is not None else None
        if isinstance(conversa, ConversaPrivada):
            self.cabecalho.mostrar_privada(conversa)
        elif conversa is not None:
            outras = [c.sala for c in self.sessao.conversas if c is not conversa]
            self.cabecalho.mostrar(conversa, f"#{outras[-1]}" if outras else "a lista de salas",
                                   self.janela.cadeados.tem(conversa.sala))

    def _arrumar(self) -> None:
        self._colunas.tem_membros = self.lugar is None or not self.lugar.e_privada
        self._colunas.arrumar()
        self.cabecalho.mostrar_botao_das_salas(not self._colunas.cabe_lateral)

    # ------------------------------------------------------------------ tratadores

    def _ao_enviar(self) -> None:
        leitura = self.leitura
        if leitura is not None:
            leitura.sincronizar()
            leitura.ir_ao_fim()

    def _listar_moderacao(self, membro: Membro) -> list[ItemDeMenu]:
        conversa = self.sessao.conversa(self.sala) if self.sala is not None else None
        return self.moderacao.listar_itens(conversa, membro) if conversa is not None else []

    def _ao_pedir_menu_na_barra(self, lugar: Lugar, x: int, y: int) -> None:
        self.mostrar_lugar(lugar)
        abrir_menu(self.lateral, self.menu.listar_itens(lugar), x, y)

    def _ao_mencionar(self, nome: str) -> None:
        self.compositor.inserir(f"@{nome} ")

    def _ao_fechar_procura(self) -> None:
        if self.procura.winfo_manager():
            self.procura.fechar()
            self.procura.pack_forget()
            self.focar()
