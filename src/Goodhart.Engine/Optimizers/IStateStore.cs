namespace Goodhart.Engine.Optimizers;

/// <summary>Where an optimizer's state lies: per name as many float32 as the parameters' slab has.</summary>
internal interface IStateStore : IDisposable
{
    /// <summary>One update of the parameters' values and of the state.</summary>
    void Step(Optimizer optimizer, ParameterSet parameters, double learningRate, int step);

    /// <param name="state">Index of the name.</param>
    void Read(int state, long start, Span<float> part);

    /// <inheritdoc cref="Read"/>
    void Write(int state, long start, ReadOnlySpan<float> part);
}
