namespace Goodhart.Studies.Configuration;

/// <summary>By name: <c>rmsprop</c> (alpha, eps), <c>adam</c> (beta1, beta2, eps), <c>adamw</c> (those and weightDecay).</summary>
internal static class OptimizerBinder
{
    private const string AdamW = "adamw";
    private static readonly string[] Names = ["rmsprop", "adam", AdamW];

    public static OptimizerDefinition Bind(MappingReader optimizer)
    {
        string name = optimizer.Read("name", ValueRule.OneOf(Names), "");
        if (name.Length == 0)
        {
            // Which keys belong here depends on the name; without one, none of them is wrong.
            Array.ForEach(["alpha", "beta1", "beta2", "eps", "weightDecay"], key => optimizer.Has(key));
            return new RmsPropDefinition(0, 1);
        }

        return name == "rmsprop"
            ? new RmsPropDefinition(optimizer.Read("alpha", ValueRule.BelowOne, 0), Eps())
            : new AdamWDefinition(
                optimizer.Read("beta1", ValueRule.BelowOne, 0),
                optimizer.Read("beta2", ValueRule.BelowOne, 0),
                Eps(),
                name == AdamW ? optimizer.Read("weightDecay", ValueRule.AboveZero, 1) : 0);

        double Eps() => optimizer.Read("eps", ValueRule.AboveZero, 1);
    }
}
