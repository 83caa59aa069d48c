using Goodhart.Engine.Optimizers;

namespace Goodhart.Studies.Configuration;

/// <summary>By name: <c>rmsprop</c> (alpha, eps), <c>adam</c> (beta1, beta2, eps), <c>adamw</c> (those and weightDecay).</summary>
internal static class OptimizerBinder
{
    private const string WithDecay = "adamw";
    private static readonly string[] Names = ["rmsprop", "adam", WithDecay];

    public static Optimizer Bind(MappingReader optimizer)
    {
        string name = optimizer.Read("name", ValueRule.OneOf(Names), "");
        if (name.Length == 0)
        {
            // Which keys belong here depends on the name; without one, none of them is wrong.
            Array.ForEach(["alpha", "beta1", "beta2", "eps", "weightDecay"], key => optimizer.Has(key));
            return new RmsProp { Alpha = 0, Eps = 1 };
        }

        return name == "rmsprop"
            ? new RmsProp { Alpha = optimizer.Read("alpha", ValueRule.BelowOne, 0), Eps = Eps() }
            : new AdamW
            {
                Beta1 = optimizer.Read("beta1", ValueRule.BelowOne, 0),
                Beta2 = optimizer.Read("beta2", ValueRule.BelowOne, 0),
                Eps = Eps(),
                WeightDecay = name == WithDecay ? optimizer.Read("weightDecay", ValueRule.AboveZero, 1) : 0,
            };

        double Eps() => optimizer.Read("eps", ValueRule.AboveZero, 1);
    }
}
