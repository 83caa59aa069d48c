using Goodhart.Engine;
using Goodhart.Engine.Ops;

namespace Goodhart.Models.GptNeoX;

internal sealed class GptNeoXLayer
{
    private readonly GptNeoXConfig config;
    private readonly RotaryTable rotary;
    private readonly GeluForm gelu;
    private readonly int index;
    private readonly (Parameter Gain, Parameter Bias) inputNorm;
    private readonly (Parameter Gain, Parameter Bias) mlpNorm;
    private readonly Projection queryKeyValue;
    private readonly Projection attentionOut;
    private readonly Projection mlpIn;
    private readonly Projection mlpOut;

    public GptNeoXLayer(GptNeoXConfig config, ModelWeights weights, int index)
    {
        this.config = config;
        this.index = index;
        rotary = new RotaryTable(config.RotaryDims, config.RotaryBase);
        gelu = config.Activation == Activation.Gelu ? GeluForm.Erf : GeluForm.Tanh;
        inputNorm = Norm("input_layernorm");
        mlpNorm = Norm("post_attention_layernorm");
        queryKeyValue = weights.Linear(Name("attention.query_key_value"));
        attentionOut = weights.Linear(Name("attention.dense"));
        mlpIn = weights.Linear(Name("mlp.dense_h_to_4h"));
        mlpOut = weights.Linear(Name("mlp.dense_4h_to_h"));

        string Name(string part) => GptNeoXTensorNames.Layer(index, part);
        (Parameter, Parameter) Norm(string part) => (weights.Parameters[Name(part) + ".weight"], weights.Parameters[Name(part) + ".bias"]);
    }

    public Tensor Run(Tape tape, Tensor x, IAttentionContext context, bool isLast)
    {
        (Tensor residual, Tensor afterAttention) = Attend(tape, x, QueryKeyValue(tape, x), context, isLast);

        // Parallel: x + attention(ln1 x) + mlp(ln2 x). Sequential: y = x + attention(ln1 x); y + mlp(ln2 y).
        Tensor y = Mlp(tape, config.ParallelResidual ? residual : afterAttention, afterAttention);
        tape.Discard(afterAttention);
        return y;
    }

    /// <summary>The first layer, where all that depends on a row's token alone has been computed by token.</summary>
    public Tensor Run(Tape tape, Tensor x, IAttentionContext context, FirstLayerTable table)
    {
        Tensor qkv = tape.GatherRows(table.QueryKeyValue, context.Tokens);
        (_, Tensor afterAttention) = Attend(tape, x, qkv, context, isLast: false);
        Tensor y = tape.AddRows(afterAttention, table.Mlp, context.Tokens);
        tape.Discard(afterAttention);
        return y;
    }

    /// <summary>Not yet rotated.</summary>
    public Tensor QueryKeyValue(Tape tape, Tensor x)
    {
        Tensor normal = tape.LayerNorm(x, inputNorm.Gain, inputNorm.Bias, config.LayerNormEpsilon);
        Tensor qkv = queryKeyValue.Run(tape, normal);
        tape.Discard(normal);
        return qkv;
    }

    public Tensor Mlp(Tape tape, Tensor x, Tensor? addend)
    {
        Tensor normal = tape.LayerNorm(x, mlpNorm.Gain, mlpNorm.Bias, config.LayerNormEpsilon);
        Tensor inner = mlpIn.Run(tape, normal);
        tape.Discard(normal);
        Tensor active = tape.Gelu(inner, gelu);
        tape.Discard(inner);
        Tensor y = mlpOut.Run(tape, active, addend);
        tape.Discard(active);
        return y;
    }

    private (Tensor Residual, Tensor AfterAttention) Attend(Tape tape, Tensor x, Tensor qkv, IAttentionContext context, bool isLast)
    {
        (HeadTensor query, HeadTensor key, HeadTensor value) = HeadTensor.Interleaved(qkv, config.Heads);
        tape.Rotary(query, context.Positions, rotary);
        tape.Rotary(key, context.Positions, rotary);
        Tensor attended = context.Attend(tape, index, query, key, value, isLast);
        tape.Discard(qkv);
        Tensor residual = context.Continue(tape, x, isLast);
        Tensor y = attentionOut.Run(tape, attended, residual);
        tape.Discard(attended);
        return (residual, y);
    }
}
