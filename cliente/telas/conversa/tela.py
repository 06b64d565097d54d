"""A conversa: as salas em que se está à esquerda, as mensagens no meio, as pessoas à direita."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cliente.sessao import Conversa, EstadoDoItem
from cliente.sessao import mudancas as m
from cliente.telas.conversa.cabecalho import Cabecalho
from cliente.telas.conversa.compositor import Compositor
from cliente.telas.conversa.devolvidas import Devolvidas
from cliente.telas.conversa.digitando import Digitando
from cliente.telas.conversa.lateral import LARGURA as LARGURA_DA_LATERAL
from cliente.telas.conversa.lateral import Lateral
from cliente.telas.conversa.leitura import Leitura
from cliente.telas.conversa.membros import LARGURA as LARGURA_DOS_MEMBROS
from cliente.telas.conversa.membros import Membros
from cliente.telas.conversa.procura import Procura
from cliente.telas.tela import Tela
from interface.componentes import Faixa, Painel, Rotulo, Separador
from interface.tema import tema_de
from protocolo.limites import TEXTO_MAX
from protocolo.textos import chave

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

ENTRE_DESENHOS_MS = 40
MEIO_MIN = 400
MEIO_MIN_SEM_LATERAL = 340
_TRECHO_DA_DEVOLVIDA = 60


class TelaConversa(Tela):
    """Cada sala tem a sua leitura e o seu rascunho; só a sala à vista se desenha."""

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente) -> None:
        super().__init__(mestre, janela)
        self._tema = tema_de(mestre)
        self.sala: str | None = None
        self._leituras: dict[str, Leitura] = {}
        self._rascunhos: dict[str, str] = {}
        self._devolvidas = Devolvidas()
        self._desenho: str | None = None
        self._quer_membros = janela.preferencias.pegar("mostra_membros", True)
        self._quer_lateral = False
        self._digitando = Digitando(janela, self._ao_mudar_quem_digita)
        self._montar()
        self._tratadores: dict[type, Callable[[Any], None]] = {
            m.MensagensChegaram: self._ao_mudar_conversa, m.AvisoChegou: self._ao_mudar_conversa,
            m.ItemConfirmado: self._ao_mudar_item, m.ItemSumiu: self._ao_mudar_item, m.ItemAdiado: self._ao_adiar,
            m.ItemDevolvido: self._ao_devolver, m.AntigasChegaram: self._ao_chegarem_antigas,
            m.AntigasFalharam: self._ao_chegarem_antigas, m.MembrosMudaram: self._ao_mudarem_membros,
            m.NaoLidasMudaram: lambda _: self._mostrar_lateral(), m.AlguemDigitando: self._digitando.notar,
            m.EntrouNaSala: self._ao_entrar, m.DeixouSala: self._ao_deixar,
            m.EstadoMudou: lambda _: self.lateral.mostrar_quem_sou(),
            m.LatenciaMedida: lambda _: self.lateral.mostrar_quem_sou(),
            m.NomeMudou: lambda _: self.lateral.mostrar_quem_sou(), m.PedidoFalhou: self._ao_falhar_pedido,
        }

    def _montar(self) -> None:
        self.lateral = Lateral(self, self.janela, self.mostrar_sala, lambda: self.janela.ir_para("salas"))
        self._meio = Painel(self, plano="superficie")
        self._divisa = Separador(self, em_pe=True)
        self.membros = Membros(self, self._ao_mencionar)
        self.cabecalho = Cabecalho(self._meio, self.procurar, self._ao_alternar_membros, self._ao_sair,
                                   self._ao_alternar_lateral)
        self.cabecalho.pack(fill="x")
        Separador(self._meio).pack(fill="x")
        self._montar_pe()
        self.procura = Procura(self._meio, self._ao_fechar_procura)
        self._lugar = Painel(self._meio, plano="superficie")
        self._lugar.pack(fill="both", expand=True)
        self.lateral.pack(side="left", fill="y")
        self._meio.pack(side="left", fill="both", expand=True)
        self.bind("<Configure>", lambda _e: self._arrumar())
        self._tema.ao_mudar(self._arrumar)

    def _montar_pe(self) -> None:
        pe = Painel(self._meio, plano="superficie")
        self._tema.empacotar(pe, side="bottom", fill="x", padx=16, pady=(2, 12))
        self._quem_digita = Rotulo(pe, " ", fonte="mini", cor="apagado")
        self._tema.empacotar(self._quem_digita, anchor="w", padx=4, pady=(0, 3))
        self._faixa = Faixa(pe, pady=(0, 6))
        self.compositor = Compositor(pe, self._ao_enviar, self._ao_digitar, self._listar_nomes)
        self.compositor.pack(fill="x")

    # ------------------------------------------------------------------ a tela

    def dizer_titulo(self) -> str:
        """A sala à vista."""
        return f"#{self.sala}"

    def ao_chegar(self) -> None:
        """Volta à sala que estava à vista, se ainda se está nela."""
        conversas = self.sessao.conversas
        if self.sala is None or self.sessao.conversa(self.sala) is None:
            self.sala = conversas[0].sala if conversas else None
        if self.sala is not None:
            sala, self.sala = self.sala, None
            self.mostrar_sala(sala)
        self.lateral.mostrar_quem_sou()
        self._arrumar()

    def ao_partir(self) -> None:
        """Longe dos olhos, o que chega conta como não lido."""
        self._guardar_rascunho()

    def focar(self) -> None:
        """No campo de mensagem."""
        self.compositor.focar()

    def ao_voltar(self) -> None:
        """Fecha a procura; sem ela, vai à lista de salas (sem sair de nenhuma)."""
        if self.procura.winfo_manager():
            self._ao_fechar_procura()
        else:
            self.janela.ir_para("salas")

    def receber(self, mudanca: m.Mudanca) -> None:
        """Cada mudança pelo seu tratador."""
        tratador = self._tratadores.get(type(mudanca))
        if tratador is not None:
            tratador(mudanca)

    # ------------------------------------------------------------------ comandos

    def mostrar_sala(self, sala: str) -> None:
        """Troca a sala à vista; o rascunho de cada uma fica guardado."""
        conversa = self.sessao.conversa(sala)
        if conversa is None or (self.sala is not None and chave(sala) == chave(self.sala)):
            return
        self._guardar_rascunho()
        self._ao_fechar_procura()
        for leitura in self._leituras.values():
            leitura.pack_forget()
        self.sala = conversa.sala
        leitura = self._leitura(conversa)
        leitura.pack(fill="both", expand=True)
        # Antes de zerar as não lidas: a linha das novas mensagens sai no lugar certo.
        leitura.sincronizar()
        self.janela.observar_sala()
        self._mostrar_cabecalho()
        self._mostrar_membros()
        self._mostrar_lateral()
        limite = self.sessao.servidor.texto_max if self.sessao.servidor is not None else TEXTO_MAX
        self.compositor.convidar(f"Mensagem para #{conversa.sala}", limite)
        self.compositor.definir(self._rascunhos.pop(chave(conversa.sala), ""))
        self.compositor.mostrar_erro("")
        self._mostrar_devolvida()
        self.janela.mostrar_titulo()

    def trocar_de_sala(self, passos: int) -> None:
        """A sala seguinte ou a anterior na barra, dando a volta."""
        salas = [conversa.sala for conversa in self.sessao.conversas]
        if self.sala in salas and len(salas) > 1:
            self.mostrar_sala(salas[(salas.index(self.sala) + passos) % len(salas)])
            self.focar()

    def procurar(self) -> None:
        """Abre a procura nesta sala."""
        leitura = self._leitura_a_vista()
        if leitura is not None:
            self.procura.pack(fill="x", before=self._lugar)
            self.procura.abrir(leitura)

    def ditar(self, texto: str) -> None:
        """Envia um texto que não passou pelo campo de mensagem."""
        if self.sala is not None:
            self.sessao.enviar(self.sala, texto)

    def esquecer_tudo(self) -> None:
        """Outro servidor, outras conversas."""
        for leitura in self._leituras.values():
            leitura.destroy()
        self._leituras.clear()
        self._rascunhos.clear()
        self._devolvidas = Devolvidas()
        self._digitando.esquecer()
        self.sala = None
        self.compositor.definir("")
        self.lateral.mostrar(None)

    # ------------------------------------------------------------------ mudanças da sessão

    def _ao_mudar_conversa(self, mudanca: m.MensagensChegaram | m.AvisoChegou) -> None:
        if isinstance(mudanca, m.MensagensChegaram):
            self._digitando.calar(mudanca.sala, (msg.de for msg in mudanca.mensagens))
        if self._esta_a_vista(mudanca.sala):
            self._pedir_desenho()

    def _ao_mudar_item(self, mudanca: m.ItemConfirmado | m.ItemSumiu) -> None:
        if self._esta_a_vista(mudanca.item.sala):
            self._pedir_desenho()

    def _ao_adiar(self, mudanca: m.ItemAdiado) -> None:
        if self._esta_a_vista(mudanca.item.sala):
            self.compositor.mostrar_erro("")
            self._faixa.mostrar("O servidor pediu calma: a mensagem segue sozinha daqui a pouco.", "aviso")
            self.janela.agendar(mudanca.espere_ms, self._esconder_calma)

    def _ao_devolver(self, mudanca: m.ItemDevolvido) -> None:
        self._devolvidas.por(mudanca.item)
        if self._esta_a_vista(mudanca.item.sala):
            self._pedir_desenho()
            self._mostrar_devolvida()

    def _ao_chegarem_antigas(self, mudanca: m.AntigasChegaram | m.AntigasFalharam) -> None:
        leitura = self._leituras.get(chave(mudanca.sala))
        if leitura is not None:
            leitura.receber_antigas()
            if isinstance(mudanca, m.AntigasFalharam):
                self.janela.avisar("Não vieram mensagens mais antigas", mudanca.frase, "aviso")

    def _ao_mudarem_membros(self, mudanca: m.MembrosMudaram) -> None:
        leitura = self._leituras.get(chave(mudanca.sala))
        if leitura is not None:
            leitura.mostrar_selos()
        if self._esta_a_vista(mudanca.sala):
            self._mostrar_membros()

    def _ao_entrar(self, mudanca: m.EntrouNaSala) -> None:
        if mudanca.voltou and self._esta_a_vista(mudanca.sala):
            self._mostrar_cabecalho()
            self._mostrar_membros()
            self._pedir_desenho()
        self._mostrar_lateral()

    def _ao_deixar(self, mudanca: m.DeixouSala) -> None:
        identidade = chave(mudanca.sala)
        estava_a_vista = self._esta_a_vista(mudanca.sala)
        # O que se escrevia e o que voltou sem ser enviado ficam para quando se voltar à sala.
        if estava_a_vista:
            self._guardar_rascunho()
        leitura = self._leituras.pop(identidade, None)
        if leitura is not None:
            leitura.destroy()
        if estava_a_vista:
            self.sala = None
            self.compositor.definir("")
        self._mostrar_lateral()

    def _ao_falhar_pedido(self, mudanca: m.PedidoFalhou) -> None:
        if mudanca.pedido == "sair":
            self.janela.avisar("Não foi possível sair da sala", mudanca.frase, "erro")

    # ------------------------------------------------------------------ escrever

    def _ao_enviar(self, texto: str) -> bool:
        if self.sala is None:
            return False
        item = self.sessao.enviar(self.sala, texto)
        if item.estado is EstadoDoItem.RECUSADO:
            self.compositor.mostrar_erro(item.frase)
            return False
        leitura = self._leitura_a_vista()
        if leitura is not None:
            leitura.sincronizar()
            leitura.ir_ao_fim()
        if self._devolvidas.contar(self.sala) == 0:
            self._faixa.esconder()
        return True

    def _ao_digitar(self) -> None:
        self.compositor.mostrar_erro("")
        if self.sala is not None and not self.compositor.texto.startswith("/"):
            self.sessao.digitando(self.sala)

    def _ao_mencionar(self, nome: str) -> None:
        self.compositor.inserir(f"@{nome} ")

    def _listar_nomes(self) -> list[str]:
        conversa = self.sessao.conversa(self.sala) if self.sala is not None else None
        meu = chave(self.sessao.nome or "")
        return [membro.nome for membro in conversa.membros if chave(membro.nome) != meu] if conversa else []

    def _guardar_rascunho(self) -> None:
        if self.sala is not None:
            texto = self.compositor.texto
            if texto.strip():
                self._rascunhos[chave(self.sala)] = texto
            else:
                self._rascunhos.pop(chave(self.sala), None)

    def _mostrar_devolvida(self) -> None:
        """A que voltou vai para o campo, se ele está vazio; senão espera em cima dele."""
        item = self._devolvidas.primeira(self.sala) if self.sala is not None else None
        if item is None:
            self._faixa.esconder()
            return
        if not self.compositor.texto.strip():
            self._usar_devolvida()
            return
        trecho = " ".join(item.texto.split())
        if len(trecho) > _TRECHO_DA_DEVOLVIDA:
            trecho = trecho[:_TRECHO_DA_DEVOLVIDA] + "…"
        self._faixa.mostrar(f"Não enviada: “{trecho}” — {item.frase}", "erro", "Pôr no campo", self._usar_devolvida,
                            pode_fechar=False)
        self._por_faixa()

    def _usar_devolvida(self) -> None:
        assert self.sala is not None
        item = self._devolvidas.tirar(self.sala)
        if item is None:
            return
        escrito = self.compositor.texto.strip("\n")
        self.compositor.definir(f"{item.texto}\n{escrito}" if escrito.strip() else item.texto)
        self._mostrar_devolvida() if self._devolvidas.contar(self.sala) else self._faixa.esconder()
        self.compositor.mostrar_erro(f"Não enviada: {item.frase}")
        self.focar()

    def _por_faixa(self) -> None:
        self._tema.empacotar(self._faixa, fill="x", pady=(0, 6), before=self.compositor)

    def _esconder_calma(self) -> None:
        if self.sala is None or self._devolvidas.contar(self.sala) == 0:
            self._faixa.esconder()

    # ------------------------------------------------------------------ desenho

    def _leitura(self, conversa: Conversa) -> Leitura:
        leitura = self._leituras.get(chave(conversa.sala))
        if leitura is None:
            leitura = Leitura(self._lugar, self.sessao, conversa, self.compositor.inserir)
            self._leituras[chave(conversa.sala)] = leitura
        leitura.conversa = conversa
        return leitura

    def _leitura_a_vista(self) -> Leitura | None:
        return self._leituras.get(chave(self.sala)) if self.sala is not None else None

    def _esta_a_vista(self, sala: str) -> bool:
        return self.sala is not None and chave(sala) == chave(self.sala)

    def _pedir_desenho(self) -> None:
        """No máximo 25 vezes por segundo, cheguem quantas mensagens chegarem."""
        if self._desenho is None:
            self._desenho = self.janela.agendar(ENTRE_DESENHOS_MS, self._desenhar)

    def _desenhar(self) -> None:
        self._desenho = None
        leitura = self._leitura_a_vista()
        if leitura is not None:
            leitura.sincronizar()

    def _mostrar_lateral(self) -> None:
        self.lateral.mostrar(self.sala)
        self.janela.mostrar_titulo()

    def _mostrar_membros(self) -> None:
        conversa = self.sessao.conversa(self.sala) if self.sala is not None else None
        if conversa is not None:
            self.membros.mostrar(conversa, self.sessao.nome or "", self._digitando.quem(conversa.sala))

    def _ao_mudar_quem_digita(self, sala: str) -> None:
        if self._esta_a_vista(sala):
            self._quem_digita.definir(self._digitando.dizer(sala) or " ")
            self._mostrar_membros()

    def _mostrar_cabecalho(self) -> None:
        conversa = self.sessao.conversa(self.sala) if self.sala is not None else None
        if conversa is not None:
            outras = [c.sala for c in self.sessao.conversas if c is not conversa]
            self.cabecalho.mostrar(conversa, f"#{outras[-1]}" if outras else "a lista de salas")

    def _ao_sair(self) -> None:
        if self.sala is not None:
            self.sessao.sair(self.sala)

    def _ao_fechar_procura(self) -> None:
        if self.procura.winfo_manager():
            self.procura.fechar()
            self.procura.pack_forget()
            self.focar()

    def _ao_alternar_membros(self) -> None:
        self._quer_membros = not self.membros.winfo_manager()
        self.janela.preferencias.definir(mostra_membros=self._quer_membros)
        self._arrumar()

    def _ao_alternar_lateral(self) -> None:
        self._quer_lateral = not self.lateral.winfo_manager()
        self._arrumar()

    def _arrumar(self) -> None:
        """Numa janela estreita somem primeiro os membros, depois a barra das salas."""
        px, largura = self._tema.px, self.winfo_width()
        cabe_lateral = largura - px(LARGURA_DA_LATERAL) >= px(MEIO_MIN_SEM_LATERAL)
        cabem_membros = largura - px(LARGURA_DA_LATERAL + LARGURA_DOS_MEMBROS) >= px(MEIO_MIN)
        self._por_lateral(cabe_lateral or self._quer_lateral)
        self._por_membros(cabem_membros and self._quer_membros)
        self.cabecalho.mostrar_botao_das_salas(not cabe_lateral)

    def _por_lateral(self, aparece: bool) -> None:
        if aparece and not self.lateral.winfo_manager():
            self.lateral.pack(side="left", fill="y", before=self._meio)
        elif not aparece:
            self.lateral.pack_forget()

    def _por_membros(self, aparecem: bool) -> None:
        if aparecem and not self.membros.winfo_manager():
            self.membros.pack(side="right", fill="y", before=self._meio)
            self._divisa.pack(side="right", fill="y", before=self._meio)
        elif not aparecem:
            self.membros.pack_forget()
            self._divisa.pack_forget()
