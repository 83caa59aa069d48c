using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Goodhart.Pipeline;

/// <summary>Computes identities of steps, each step object once. The memory lives here: in a record, <c>with</c> would copy it.</summary>
/// <param name="numericsVersion">Of the engine that will compute; results of another version are other results.</param>
internal sealed class KeyRing(string numericsVersion)
{
    private readonly ConditionalWeakTable<Step, StepIdentity> known = [];   // by reference, safe for threads

    public StepIdentity Of(Step step)
    {
        if (known.TryGetValue(step, out StepIdentity? identity))
        {
            return identity;
        }

        identity = Compute(step);
        known.AddOrUpdate(step, identity);
        return identity;
    }

    private StepIdentity Compute(Step step)
    {
        string name = StepName.Checked(step);
        CanonicalJson json = new(this);
        json.Append("{\"name\":").Text(name).Append(",\"version\":").Value(step.Version, "Version");
        if (step.DependsOnNumerics)
        {
            json.Append(",\"numerics\":").Text(numericsVersion);
        }

        json.Append(",\"fields\":{");
        json.Fields(step, separate: false);
        json.Append("}}");

        string canonical = json.ToString();
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        return new(name, hash, canonical, json.Steps);
    }
}
