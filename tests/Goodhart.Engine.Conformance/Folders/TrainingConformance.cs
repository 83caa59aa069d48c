using System.Globalization;
using System.Text.Json;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Scoring;
using Goodhart.Testing;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Engine.Conformance.Folders;

/// <summary>Gradients and optimizer traces of the reference checkpoints, on one device; every device inherits the same tests.</summary>
public abstract class TrainingConformance(Func<IDevice> createDevice)
{
    /// <summary>Of the gradients, which no update follows.</summary>
    private const double LearningRate = 1e-3;

    public static TheoryData<string, string> Gradients
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string folder in Folders)
            {
                foreach (string loss in (string[])["sft_token_mean", "sft_sequence_mean", "dpo", "ipo", "ipo_paper", "slic"])
                {
                    if (IsGptNeoX(folder) || loss is not "sft_sequence_mean" and not "ipo_paper")
                    {
                        cases.Add(folder, loss);
                    }
                }
            }

            return cases;
        }
    }

    public static TheoryData<string, string> Traces
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string folder in Folders)
            {
                foreach (string trace in IsGptNeoX(folder)
                    ? (string[])["dpo.RMSprop", "sft_token_mean.RMSprop", "ipo.Adam", "dpo.AdamW"]
                    : ["dpo.RMSprop", "dpo.AdamW", "sft_token_mean.AdamW"])
                {
                    cases.Add(folder, trace);
                }
            }

            return cases;
        }
    }

    private static string[] Folders =>
    [
        "gptneox/a-parallel-f32", "gptneox/b-sequential-f32-sharded", "gptneox/c-parallel-bf16", "gptneox/d-sequential-f16-odd",
        "decoders/llama-gqa-f32", "decoders/llama-tied-bf16", "decoders/qwen2-bf16", "decoders/qwen3-f32", "decoders/mistral-sliding-f32",
        "decoders/olmo2-f32",
    ];

    private static bool IsGptNeoX(string folder) => folder.StartsWith("gptneox/", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Gradients))]
    public void Gradients_agree(string folder, string loss)
    {
        using Setting setting = new(createDevice(), folder);
        using IStepper stepper = setting.Stepper(loss, new RmsProp(), clip: double.PositiveInfinity, LearningRate);
        double value = stepper.Step().Loss;
        Assert.Equal(setting.Preference.GetProperty("losses").GetProperty(loss).GetDouble(), value, 1e-4 * Math.Max(1, Math.Abs(value)));

        using SafetensorsReader expected = SafetensorsReader.Open(Golden.Path(folder, "gradients.safetensors"));
        foreach (Parameter parameter in setting.Policy.Parameters.All)
        {
            float[] wanted = new float[parameter.Gradient.Count];
            expected.ReadF32($"{loss}/{parameter.Name}", wanted);
            float[] actual = setting.Device.ReadF32(parameter.Gradient);
            double difference = Norm(wanted.Zip(actual, (a, b) => a - b));
            double size = Norm(wanted);
            int worst = Worst(wanted, actual);
            Assert.True(difference <= (1e-4 * size) + 1e-4, string.Create(
                CultureInfo.InvariantCulture,
                $"{parameter.Name} [{string.Join(", ", parameter.Shape)}]: off by {difference:E2} against {size:E2}; furthest at element "
                    + $"{worst}: expected {wanted[worst]:R}, got {actual[worst]:R}"));
        }
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public void Six_updates_agree(string folder, string trace)
    {
        using Setting setting = new(createDevice(), folder);
        JsonElement expected = setting.Json.GetProperty("training_traces").GetProperty(trace);
        Optimizer optimizer = trace.Split('.')[1] switch
        {
            "RMSprop" => new RmsProp(),
            "Adam" => new AdamW(),
            _ => new AdamW { WeightDecay = expected.GetProperty("weight_decay").GetDouble() },
        };
        string loss = trace.Split('.')[0];
        double learningRate = expected.GetProperty("lr").GetDouble();
        using IStepper stepper = setting.Stepper(loss, optimizer, clip: 1, learningRate);
        foreach (JsonElement step in expected.GetProperty("steps").EnumerateArray())
        {
            (double value, UpdateReport update, double[] margins) = stepper.Step();
            Close(step.GetProperty("loss").GetDouble(), value, "loss");
            Close(step.GetProperty("grad_norm_before_clip").GetDouble(), update.GradientNorm, "gradient norm");
            Assert.Equal(step.GetProperty("lr").GetDouble(), update.LearningRate, 1e-12);
            double[] h = step.GetProperty("h").Doubles();
            for (int i = 0; i < margins.Length; i++)
            {
                Close(h[i], margins[i], $"margin {i}");
            }
        }

        double[] final = expected.GetProperty("final_logps").Doubles();
        double[] actual = setting.LogProbs();
        for (int i = 0; i < final.Length; i++)
        {
            Close(final[i], actual[i], $"final log-prob {i}");
        }

        foreach (JsonProperty first in expected.GetProperty("final_parameter_first4").EnumerateObject())
        {
            double[] wanted = first.Value.Doubles();
            float[] values = setting.Policy.Parameters.Get(first.Name);
            for (int i = 0; i < wanted.Length; i++)
            {
                Assert.True(Math.Abs(wanted[i] - values[i]) <= 5 * learningRate, $"{first.Name}[{i}]: {wanted[i]} and {values[i]}");
            }
        }

        static void Close(double wanted, double value, string what) =>
            Assert.True(Math.Abs(wanted - value) <= 1e-3 * Math.Max(1, Math.Abs(wanted)), $"{what}: expected {wanted}, got {value}");
    }

    private static int Worst(float[] wanted, float[] actual)
    {
        float[] distances = [.. wanted.Zip(actual, (a, b) => float.IsNaN(b) ? float.PositiveInfinity : Math.Abs(a - b))];
        return Array.IndexOf(distances, distances.Max());
    }

    private static double Norm(IEnumerable<float> values) => Math.Sqrt(values.Sum(v => (double)v * v));

    /// <summary>One update of either trainer.</summary>
    private interface IStepper : IDisposable
    {
        (double Loss, UpdateReport Update, double[] Margins) Step();
    }

    private sealed class Setting : IDisposable
    {
        private readonly TokenizedPair[] pairs;

        public Setting(IDevice device, string folder)
        {
            Device = device;
            Json = Golden.Json(folder, "expected.json");
            Preference = Json.GetProperty("preference");
            Policy = ModelFolder.Load(device, Golden.Path(folder, "policy"), training: true);
            pairs =
            [
                .. Preference.GetProperty("pairs").EnumerateArray().Select((pair, i) => new TokenizedPair(
                    i, pair.GetProperty("prompt").Ints(), pair.GetProperty("chosen").Ints(), pair.GetProperty("rejected").Ints())),
            ];
        }

        public IDevice Device { get; }

        public JsonElement Json { get; }

        public JsonElement Preference { get; }

        public LanguageModel Policy { get; }

        public IStepper Stepper(string loss, Optimizer optimizer, double clip, double learningRate)
        {
            TrainingOptions options = new()
            {
                Optimizer = optimizer,
                LearningRate = new ConstantSchedule { Peak = learningRate, WarmupSteps = 3 },
                BatchSize = pairs.Length,
                ClipNorm = clip,
            };
            double Beta(string name) => Preference.GetProperty("betas").GetProperty(name).GetDouble();
            return loss switch
            {
                "sft_token_mean" => new Supervised(this, options, new TokenMean()),
                "sft_sequence_mean" => new Supervised(this, options, new SequenceMean()),
                "dpo" => new Preferences(this, options, new DpoLoss { Beta = Beta("dpo") }),
                "ipo" => new Preferences(this, options, new IpoCodeLoss { Beta = Beta("ipo") }),
                "ipo_paper" => new Preferences(this, options, new IpoLoss { Beta = Beta("ipo_paper") }),
                "slic" => new Preferences(this, options, new SlicLoss { Beta = Beta("slic") }),
                _ => throw new ArgumentException(loss),
            };
        }

        /// <summary>All chosen, then all rejected.</summary>
        public double[] LogProbs()
        {
            using ResponseScorer scorer = new(Policy);
            double[][] scored = scorer.LogProbs([.. pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))]);
            return [.. scored.Select(s => s[0]), .. scored.Select(s => s[1])];
        }

        public void Dispose()
        {
            Policy.Dispose();
            Device.Dispose();
        }

        private double[] Margins()
        {
            double[] logProbs = LogProbs();
            double[] chosen = Preference.GetProperty("reference_chosen_logps").Doubles();
            double[] rejected = Preference.GetProperty("reference_rejected_logps").Doubles();
            return [.. pairs.Select((_, i) => logProbs[i] - logProbs[pairs.Length + i] - (chosen[i] - rejected[i]))];
        }

        private sealed class Supervised(Setting setting, TrainingOptions options, SupervisedLoss loss) : IStepper
        {
            private readonly SupervisedTrainer trainer = new(setting.Policy, options, loss);

            public (double, UpdateReport, double[]) Step()
            {
                double[] margins = setting.Margins();
                SupervisedReport report = trainer.Step(
                    [.. setting.pairs.Select(pair => new TokenizedExample(pair.Id, pair.Prompt, pair.Chosen))], totalSteps: 6);
                return (report.Loss, report.Update, margins);
            }

            public void Dispose() => trainer.Dispose();
        }

        private sealed class Preferences(Setting setting, TrainingOptions options, PreferenceLoss loss) : IStepper
        {
            private readonly PreferenceTrainer trainer = new(setting.Policy, options, loss);

            public (double, UpdateReport, double[]) Step()
            {
                double[] margins = setting.Margins();
                double[] chosen = setting.Preference.GetProperty("reference_chosen_logps").Doubles();
                double[] rejected = setting.Preference.GetProperty("reference_rejected_logps").Doubles();
                PreferenceReport report = trainer.Step(
                    setting.pairs, [.. chosen.Zip(rejected, (c, r) => new ReferencePair(c, r))], totalSteps: 6);
                return (report.Loss, report.Update, margins);
            }

            public void Dispose() => trainer.Dispose();
        }
    }
}
