using Goodhart.Engine;
using Goodhart.Models.Adapters;

namespace Goodhart.Models;

/// <summary>What a model computes with: parameters, which several models may share, and an adapter of its own.</summary>
/// <remarks>So the reference of a policy with an adapter is the same model without it, or with another one, and there is no second
/// copy.</remarks>
public sealed class ModelWeights : IDisposable
{
    private readonly Shared shared;
    private readonly List<Mat> linear = [];

    /// <param name="parameters">Taken over.</param>
    /// <param name="adapter">Taken over; the parameters must be frozen then.</param>
    /// <param name="origin">The folder that frozen parameters were read from; null: none, or not as they are there.</param>
    public ModelWeights(ParameterSet parameters, Adapter? adapter = null, string? origin = null)
        : this(new Shared(parameters, origin), adapter)
    {
    }

    private ModelWeights(Shared shared, Adapter? adapter)
    {
        (this.shared, Adapter) = (shared, adapter);
        shared.Holders++;
    }

    public ParameterSet Parameters => shared.Parameters;

    /// <summary>Null: none.</summary>
    public Adapter? Adapter { get; }

    /// <summary>What updates move: the adapter's parameters, or where there is none the model's own.</summary>
    public ParameterSet Trained => Adapter?.Parameters ?? Parameters;

    /// <summary>The folder that the parameters are of, unchanged; null where there is none.</summary>
    public string? Origin => Parameters.Gradients.IsEmpty ? shared.Origin : null;

    /// <summary>Changes with every value that the model computes with.</summary>
    public long Version => Parameters.Version + (Adapter?.Parameters.Version ?? 0);

    /// <summary>The same parameters under another adapter; they are released with the last of those that hold them.</summary>
    /// <param name="adapter">Taken over; null: none.</param>
    /// <exception cref="InvalidOperationException">They are trained: they would move under the other model.</exception>
    public ModelWeights Share(Adapter? adapter) => Parameters.Gradients.IsEmpty
        ? new ModelWeights(shared, adapter)
        : throw new InvalidOperationException("Parameters that are trained are no other model's.");

    public void Dispose()
    {
        Adapter?.Dispose();
        if (--shared.Holders == 0)
        {
            Parameters.Dispose();
        }
    }

    internal Parameter? Optional(string name) => Parameters.Contains(name) ? Parameters[name] : null;

    /// <summary>Weights of the linear layers that a model has been made of, without what an adapter adds.</summary>
    internal IReadOnlyList<Mat> OfLinearLayers => linear;

    /// <summary>A linear layer by its name.</summary>
    internal Projection Linear(string module)
    {
        Parameter weight = Parameters[module + ".weight"];
        linear.Add(weight.Value);
        return new Projection(weight, Optional(module + ".bias"), Adapter?.Beside(module));
    }

    private sealed class Shared(ParameterSet parameters, string? origin)
    {
        public string? Origin => origin;

        public ParameterSet Parameters { get; } = parameters;

        public int Holders { get; set; }
    }
}
