namespace Goodhart.Engine.Cpu;

/// <summary>A log-sum-exp under way: the largest logit so far, and Σ exp(logit − that) over the blocks so far.</summary>
internal unsafe struct LogSumExp
{
    public float Max;
    public double Sum;

    public static LogSumExp Start => new() { Max = float.NegativeInfinity };

    /// <summary>The value, in nats.</summary>
    public readonly double Value => Max + Math.Log(Sum);

    public void Add(Kernels kernels, float* logits, int padded)
    {
        float max = kernels.MaxOf(logits, padded);
        if (!(max <= Max))
        {
            Sum = Sum == 0 ? 0 : Sum * Math.Exp((double)Max - max);
            Max = max;
        }

        Sum += kernels.SumExp(logits, Max, padded);
    }

    /// <summary>Log-probability of a token with this logit; more exact than subtracting the rounded <see cref="Value"/>.</summary>
    public readonly float LogProb(float logit) => (float)((double)logit - Max - Math.Log(Sum));
}
