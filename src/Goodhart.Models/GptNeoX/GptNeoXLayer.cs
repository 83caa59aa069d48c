using Goodhart.Engine;
using Goodhart.Engine.Ops;
using Goodhart.Models.HuggingFace;

namespace Goodhart.Models.GptNeoX;

internal sealed class GptNeoXLayer
{
    private readonly GptNeoXConfig config;
    private readonly RotaryTable rotary;
    private readonly GeluForm gelu;
    private readonly int index;
    private readonly (Parameter Gain, Parameter Bias) inputNorm;
    private readonly (Parameter Gain, Parameter Bias) mlpNorm;
    private readonly (Parameter Weight, Parameter? Bias) queryKeyValue;
    private readonly (Parameter Weight, Parameter? Bias) attentionOut;
    private readonly (Parameter Weight, Parameter? Bias) mlpIn;
    private readonly (Parameter Weight, Parameter? Bias) mlpOut;

    public GptNeoXLayer(GptNeoXConfig config, ParameterSet parameters, int index)
    {
        this.config = config;
        this.index = index;
        rotary = new RotaryTable(config.RotaryDims, config.RotaryBase);
        gelu = config.Activation == Activation.Gelu ? GeluForm.Erf : GeluForm.Tanh;
        inputNorm = Norm("input_layernorm");
        mlpNorm = Norm("post_attention_layernorm");
        queryKeyValue = Dense("attention.query_key_value");
        attentionOut = Dense("attention.dense");
        mlpIn = Dense("mlp.dense_h_to_4h");
        mlpOut = Dense("mlp.dense_4h_to_h");

        string Name(string part) => GptNeoXTensorNames.Layer(index, part);
        (Parameter, Parameter) Norm(string part) => (parameters[Name(part) + ".weight"], parameters[Name(part) + ".bias"]);
        (Parameter, Parameter?) Dense(string part)
        {
            string bias = Name(part) + ".bias";
            return (parameters[Name(part) + ".weight"], parameters.Contains(bias) ? parameters[bias] : null);
        }
    }

    public Tensor Run(Tape tape, Tensor x, IAttentionContext context, bool isLast)
    {
        Tensor normal = tape.LayerNorm(x, inputNorm.Gain, inputNorm.Bias, config.LayerNormEpsilon);
        Tensor qkv = tape.Linear(normal, queryKeyValue.Weight, queryKeyValue.Bias);
        tape.Rotary(qkv, context.Positions, config.Heads, rotary);
        Tensor attended = context.Attend(tape, index, qkv, isLast);
        Tensor residual = context.Continue(tape, x, isLast);

        Tensor afterAttention = tape.Linear(attended, attentionOut.Weight, attentionOut.Bias, residual);

        // Parallel: x + attention(ln1 x) + mlp(ln2 x). Sequential: y = x + attention(ln1 x); y + mlp(ln2 y).
        Tensor mlpInput = config.ParallelResidual ? residual : afterAttention;
        Tensor mlpNormal = tape.LayerNorm(mlpInput, mlpNorm.Gain, mlpNorm.Bias, config.LayerNormEpsilon);
        Tensor inner = tape.Gelu(tape.Linear(mlpNormal, mlpIn.Weight, mlpIn.Bias), gelu);
        return tape.Linear(inner, mlpOut.Weight, mlpOut.Bias, afterAttention);
    }
}
