"""GPT-NeoX (Pythia) in PyTorch as a competent user writes it: fused attention where this PyTorch has it."""
import torch
import torch.nn as nn
import torch.nn.functional as F

ROTARY_SHARE = 0.25
FUSED = hasattr(F, "scaled_dot_product_attention")  # PyTorch 2.0


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.rotating = max(2, int(self.size * ROTARY_SHARE) // 2 * 2)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.dense = nn.Linear(width, width)

    def rotate(self, x, cos, sin):
        turning, rest = x[..., : self.rotating], x[..., self.rotating :]
        first, second = turning.chunk(2, -1)
        turning = turning * cos + torch.cat((-second, first), -1) * sin
        return torch.cat((turning.to(x.dtype), rest), -1)

    def forward(self, x, cos, sin, cache=None, start=0):
        rows, length, width = x.shape
        mixed = self.query_key_value(x).view(rows, length, self.heads, 3 * self.size).transpose(1, 2)
        query, key, value = mixed.chunk(3, -1)
        query, key = self.rotate(query, cos, sin), self.rotate(key, cos, sin)
        if cache is not None:
            keys, values = cache
            keys[:, :, start : start + length] = key
            values[:, :, start : start + length] = value
            key, value = keys[:, :, : start + length], values[:, :, : start + length]
        out = attend(query, key, value, causal=length > 1)
        return self.dense(out.transpose(1, 2).reshape(rows, length, width))


def attend(query, key, value, causal):
    if FUSED:
        return F.scaled_dot_product_attention(query, key, value, is_causal=causal)
    scores = torch.matmul(query, key.transpose(-1, -2)) * query.shape[-1] ** -0.5
    if causal:
        scores = scores + torch.full(scores.shape[-2:], float("-inf"), device=scores.device, dtype=scores.dtype).triu(1)
    return torch.matmul(scores.softmax(-1), value)


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.input_layernorm = nn.LayerNorm(width)
        self.post_attention_layernorm = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x, cos, sin, cache=None, start=0):
        attended = self.attention(self.input_layernorm(x), cos, sin, cache, start)
        return x + attended + self.down(F.gelu(self.up(self.post_attention_layernorm(x))))


class GptNeoX(nn.Module):
    def __init__(self, layers, width, heads, vocabulary, positions=2048):
        super().__init__()
        self.embed_in = nn.Embedding(vocabulary, width)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.final_layer_norm = nn.LayerNorm(width)
        self.embed_out = nn.Linear(width, vocabulary, bias=False)
        rotating = self.layers[0].attention.rotating
        frequency = 10000.0 ** (-torch.arange(0, rotating, 2).float() / rotating)
        angle = torch.outer(torch.arange(positions).float(), frequency)
        self.register_buffer("cos", torch.cat((angle, angle), -1).cos(), persistent=False)
        self.register_buffer("sin", torch.cat((angle, angle), -1).sin(), persistent=False)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)

    def hidden(self, ids, cache=None, start=0):
        cos, sin = self.cos[start : start + ids.shape[1]], self.sin[start : start + ids.shape[1]]
        x = self.embed_in(ids)
        for i, layer in enumerate(self.layers):
            x = layer(x, cos, sin, None if cache is None else cache[i], start)
        return self.final_layer_norm(x)

    def logits(self, hidden):
        return self.embed_out(hidden)
