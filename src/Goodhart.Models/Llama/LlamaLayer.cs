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
    private readonly (Parameter Weight, Parameter? Bias) query;
    private readonly (Parameter Weight, Parameter? Bias) key;
    private readonly (Parameter Weight, Parameter? Bias) value;
    private readonly (Parameter Weight, Parameter? Bias) attentionOut;
    private readonly (Parameter Weight, Parameter? Bias) gate;
    private readonly (Parameter Weight, Parameter? Bias) up;
    private readonly (Parameter Weight, Parameter? Bias) down;

    public LlamaLayer(LlamaConfig config, ParameterSet parameters, int index)
    {
        (this.config, this.index) = (config, index);
        rotary = new RotaryTable(config.HeadDim, config.RotaryBase, config.Scaling);
        bool post = config.Family.PostNorm;
        attentionNorm = parameters[Name(post ? "post_attention_layernorm.weight" : "input_layernorm.weight")];
        mlpNorm = parameters[Name(post ? "post_feedforward_layernorm.weight" : "post_attention_layernorm.weight")];
        queryNorm = Optional("self_attn.q_norm.weight");
        keyNorm = Optional("self_attn.k_norm.weight");
        query = Dense("self_attn.q_proj");
        key = Dense("self_attn.k_proj");
        value = Dense("self_attn.v_proj");
        attentionOut = Dense("self_attn.o_proj");
        gate = Dense("mlp.gate_proj");
        up = Dense("mlp.up_proj");
        down = Dense("mlp.down_proj");

        string Name(string part) => LlamaTensorNames.Layer(index, part);
        Parameter? Optional(string part) => parameters.Contains(Name(part)) ? parameters[Name(part)] : null;
        (Parameter, Parameter?) Dense(string part) => (parameters[Name(part + ".weight")], Optional(part + ".bias"));
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
        HeadTensor v = HeadTensor.Across(tape.Linear(input, value.Weight, value.Bias), config.SharedHeads);
        Tensor attended = context.Attend(tape, index, q, k, v, isLast, config.WindowOf(index));
        tape.Discard(q.Tensor);
        tape.Discard(k.Tensor);
        tape.Discard(v.Tensor);
        Tensor residual = context.Continue(tape, x, isLast);
        return config.Family.PostNorm
            ? tape.AddOnto(
                residual, tape.RmsNorm(tape.Linear(attended, attentionOut.Weight, attentionOut.Bias), attentionNorm, config.NormEpsilon))
            : tape.Linear(attended, attentionOut.Weight, attentionOut.Bias, addend: residual);
    }

    /// <summary>A projection, its norm where there is one, rotated.</summary>
    private HeadTensor Project(
        Tape tape, Tensor x, (Parameter Weight, Parameter? Bias) projection, Parameter? norm, int count, Mat positions)
    {
        Tensor product = tape.Linear(x, projection.Weight, projection.Bias);
        HeadTensor heads = HeadTensor.Across(norm is null ? product : tape.RmsNorm(product, norm, config.NormEpsilon), count);
        tape.Rotary(heads, positions, rotary);
        return heads;
    }

    private Tensor Mlp(Tape tape, Tensor x, Tensor? addend)
    {
        Tensor gated = tape.Linear(x, gate.Weight, gate.Bias);
        Tensor wide = tape.Linear(x, up.Weight, up.Bias);
        Tensor active = tape.SwiGlu(gated, wide);
        tape.Discard(gated);
        tape.Discard(wide);
        Tensor y = tape.Linear(active, down.Weight, down.Bias, addend);
        tape.Discard(active);
        return y;
    }
}
