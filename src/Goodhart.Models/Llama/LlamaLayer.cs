using Goodhart.Engine;
using Goodhart.Engine.Ops;

namespace Goodhart.Models.Llama;

internal sealed class LlamaLayer
{
    private readonly LlamaConfig config;
    private readonly int index;
    private readonly RotaryTable rotary;
    private readonly Parameter attentionNorm;
    private readonly Parameter mlpNorm;
    private readonly Parameter? queryNorm;
    private readonly Parameter? keyNorm;
    private readonly Projection query;
    private readonly Projection key;
    private readonly Projection value;
    private readonly Projection attentionOut;
    private readonly Projection gate;
    private readonly Projection up;
    private readonly Projection down;

    public LlamaLayer(LlamaConfig config, ModelWeights weights, int index)
    {
        (this.config, this.index) = (config, index);
        rotary = new RotaryTable(config.HeadDim, config.RotaryBase, config.Scaling);
        bool post = config.Family.PostNorm;
        attentionNorm = weights.Parameters[Name(post ? "post_attention_layernorm.weight" : "input_layernorm.weight")];
        mlpNorm = weights.Parameters[Name(post ? "post_feedforward_layernorm.weight" : "post_attention_layernorm.weight")];
        queryNorm = weights.Optional(Name("self_attn.q_norm.weight"));
        keyNorm = weights.Optional(Name("self_attn.k_norm.weight"));
        query = weights.Linear(Name("self_attn.q_proj"));
        key = weights.Linear(Name("self_attn.k_proj"));
        value = weights.Linear(Name("self_attn.v_proj"));
        attentionOut = weights.Linear(Name("self_attn.o_proj"));
        gate = weights.Linear(Name("mlp.gate_proj"));
        up = weights.Linear(Name("mlp.up_proj"));
        down = weights.Linear(Name("mlp.down_proj"));

        string Name(string part) => LlamaTensorNames.Layer(index, part);
    }

    /// <summary>h = x + attention(norm x); h + mlp(norm h). OLMo 2: h = x + norm(attention x); h + norm(mlp h).</summary>
    public Tensor Run(Tape tape, Tensor x, IAttentionContext context, bool isLast)
    {
        Tensor h = Attend(tape, x, context, isLast);
        if (config.Family.PostNorm)
        {
            return tape.AddOnto(h, tape.RmsNorm(Mlp(tape, h, addend: null), mlpNorm, config.NormEpsilon));
        }

        Tensor normal = tape.RmsNorm(h, mlpNorm, config.NormEpsilon);
        Tensor y = Mlp(tape, normal, addend: h);
        tape.Discard(normal);
        return y;
    }

    private Tensor Attend(Tape tape, Tensor x, IAttentionContext context, bool isLast)
    {
        Tensor input = config.Family.PostNorm ? x : tape.RmsNorm(x, attentionNorm, config.NormEpsilon);
        Tensor asking = context.Continue(tape, input, isLast);
        HeadTensor q = Project(tape, asking, query, queryNorm, config.Heads, context.AskingPositions(isLast));
        HeadTensor k = Project(tape, input, key, keyNorm, config.SharedHeads, context.Positions);
        HeadTensor v = HeadTensor.Across(value.Run(tape, input), config.SharedHeads);
        if (!config.Family.PostNorm)
        {
            tape.Discard(input);
        }

        Tensor attended = context.Attend(tape, index, q, k, v, isLast, config.WindowOf(index));
        tape.Discard(q.Tensor);
        tape.Discard(k.Tensor);
        tape.Discard(v.Tensor);
        Tensor residual = context.Continue(tape, x, isLast);
        Tensor y = config.Family.PostNorm
            ? tape.AddOnto(residual, tape.RmsNorm(attentionOut.Run(tape, attended), attentionNorm, config.NormEpsilon))
            : attentionOut.Run(tape, attended, addend: residual);
        tape.Discard(attended);
        return y;
    }

    /// <summary>A projection, its norm where there is one, rotated.</summary>
    private HeadTensor Project(
        Tape tape, Tensor x, Projection projection, Parameter? norm, int count, Mat positions)
    {
        Tensor product = projection.Run(tape, x);
        HeadTensor heads = HeadTensor.Across(norm is null ? product : tape.RmsNorm(product, norm, config.NormEpsilon), count);
        tape.Rotary(heads, positions, rotary);
        return heads;
    }

    private Tensor Mlp(Tape tape, Tensor x, Tensor? addend)
    {
        Tensor gated = gate.Run(tape, x);
        Tensor wide = up.Run(tape, x);
        Tensor active = tape.SwiGlu(gated, wide);
        tape.Discard(gated);
        tape.Discard(wide);
        Tensor y = down.Run(tape, active, addend);
        tape.Discard(active);
        return y;
    }
}
