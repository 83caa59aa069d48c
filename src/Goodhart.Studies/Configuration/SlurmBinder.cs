using Goodhart.Pipeline.Slurm;

namespace Goodhart.Studies.Configuration;

/// <summary>The key <c>slurm</c> of a study file: what its jobs ask for, wherever the study runs on such a cluster.</summary>
internal static class SlurmBinder
{
    public static IReadOnlyDictionary<string, string> Bind(MappingReader slurm)
    {
        Dictionary<string, string> settings = [];
        foreach (string key in SlurmOptions.Keys.Where(slurm.Has))
        {
            settings[key] = slurm.Read(key, ValueRule.AnyText, "");
            try
            {
                SlurmOptions.Of(new Dictionary<string, string> { [key] = settings[key] });
            }
            catch (InvalidDataException wrong)
            {
                slurm.Require(false, key, wrong.Message[(wrong.Message.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            }
        }

        return settings;
    }
}
