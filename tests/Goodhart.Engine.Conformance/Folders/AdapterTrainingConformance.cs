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

/// <summary>Losses, gradients and an optimizer trace of the reference adapters, the reference being the same model with the adapter off; on
/// one device, every device inherits the same tests.</summary>
public abstract class AdapterTrainingConformance(Func<IDevice> createDevice)
{
    private static readonly string[] Folders = ["llama-gqa-f32", "gptneox-a-parallel-f32"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string folder in Folders)
            {
                foreach (string loss in (string[])["sft_token_mean", "dpo", "ipo", "slic"])
                {
                    cases.Add(folder, loss);
                }
            }

            return cases;
        }
    }

    public static TheoryData<string> Names => [.. Folders];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_and_gradients_agree_and_the_base_has_none(string folder, string loss)
    {
        using Setting setting = new(createDevice(), folder, "adapter");
        double value = setting.Step(loss, new RmsProp(), clip: double.PositiveInfinity).Loss;
        double expected = setting.Preference.GetProperty("losses").GetProperty(loss).GetDouble();
        Assert.Equal(expected, value, 1e-4 * Math.Max(1, Math.Abs(expected)));
        setting.RequireGradients($"{loss}/");
        Assert.True(setting.Policy.Parameters.Gradients.IsEmpty);
        Assert.True(setting.BaseIsUnchanged());
    }

    /// <summary>At B = 0 policy and reference are one model to the last bit.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void At_the_start_margins_are_0_and_the_loss_is_log_2(string folder)
    {
        using Setting setting = new(createDevice(), folder, "adapter-init");
        Assert.All(setting.Margins(), margin => Assert.Equal(0, margin));
        Assert.Equal(Math.Log(2), setting.Step("dpo", new RmsProp(), clip: double.PositiveInfinity).Loss, 1e-12);
        setting.RequireGradients("init.dpo/");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Six_updates_agree(string folder)
    {
        using Setting setting = new(createDevice(), folder, "adapter-init");
        JsonElement trace = setting.Json.GetProperty("training_trace").GetProperty("dpo.AdamW");
        double learningRate = trace.GetProperty("lr").GetDouble();
        setting.Open("dpo", new AdamW { WeightDecay = trace.GetProperty("weight_decay").GetDouble() }, clip: 1, learningRate);
        foreach (JsonElement step in trace.GetProperty("steps").EnumerateArray())
        {
            double[] margins = setting.Margins();
            (double loss, UpdateReport update) = setting.Step();
            Close(step.GetProperty("loss").GetDouble(), loss, "loss");
            Close(step.GetProperty("grad_norm_before_clip").GetDouble(), update.GradientNorm, "gradient norm");
            double[] h = step.GetProperty("h").Doubles();
            for (int i = 0; i < h.Length; i++)
            {
                Close(h[i], margins[i], $"margin {i}");
            }
        }

        using SafetensorsReader expected = SafetensorsReader.Open(Golden.Path("decoders", "lora", folder, "expected.safetensors"));
        foreach (Parameter parameter in setting.Policy.TrainedParameters.All)
        {
            float[] wanted = new float[parameter.Value.Count];
            expected.ReadF32($"trained.{parameter.Name}", wanted);
            float[] values = setting.Policy.TrainedParameters.Get(parameter.Name);
            Assert.True(Rig.Largest(wanted, values) <= 0.1 * learningRate, parameter.Name);
        }

        static void Close(double wanted, double value, string what) =>
            Assert.True(Math.Abs(wanted - value) <= 1e-3 * Math.Max(1, Math.Abs(wanted)), $"{what}: expected {wanted}, got {value}");
    }

    private sealed class Setting : IDisposable
    {
        private readonly string folder;
        private readonly TokenizedPair[] pairs;
        private readonly LanguageModel reference;
        private readonly float[] before;
        private SupervisedTrainer? supervised;
        private PreferenceTrainer? preferences;

        public Setting(IDevice device, string folder, string adapter)
        {
            (Device, this.folder) = (device, folder);
            Json = Golden.Json("decoders", "lora", folder, "expected.json");
            Preference = Json.GetProperty("preference");
            Policy = ModelFolder.Load(device, Golden.Path("decoders", "lora", folder, adapter), training: true);
            reference = Policy.WithAdapter(null);
            before = device.ReadF32(Policy.Parameters.Values);
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

        public (double Loss, UpdateReport Update) Step(string loss, Optimizer optimizer, double clip)
        {
            Open(loss, optimizer, clip, learningRate: 1e-3);
            return Step();
        }

        public void Open(string loss, Optimizer optimizer, double clip, double learningRate)
        {
            TrainingOptions options = new()
            {
                Optimizer = optimizer,
                LearningRate = new ConstantSchedule { Peak = learningRate, WarmupSteps = 3 },
                BatchSize = pairs.Length,
                ClipNorm = clip,
            };
            double beta = loss == "sft_token_mean" ? 1 : Preference.GetProperty("betas").GetProperty(loss).GetDouble();
            if (loss == "sft_token_mean")
            {
                supervised = new SupervisedTrainer(Policy, options, new TokenMean());
            }
            else
            {
                preferences = new PreferenceTrainer(Policy, options, loss switch
                {
                    "dpo" => new DpoLoss { Beta = beta },
                    "ipo" => new IpoCodeLoss { Beta = beta },
                    _ => new SlicLoss { Beta = beta },
                });
            }
        }

        public (double Loss, UpdateReport Update) Step()
        {
            if (supervised is not null)
            {
                SupervisedReport own = supervised.Step(
                    [.. pairs.Select(pair => new TokenizedExample(pair.Id, pair.Prompt, pair.Chosen))], totalSteps: 6);
                return (own.Loss, own.Update);
            }

            PreferenceReport report = preferences!.Step(
                pairs, [.. LogProbs(reference).Select(pair => new ReferencePair(pair[0], pair[1]))], totalSteps: 6);
            return (report.Loss, report.Update);
        }

        public double[] Margins() =>
            [.. LogProbs(Policy).Zip(LogProbs(reference), (own, other) => own[0] - own[1] - (other[0] - other[1]))];

        public void RequireGradients(string prefix)
        {
            using SafetensorsReader expected = SafetensorsReader.Open(Golden.Path("decoders", "lora", folder, "gradients.safetensors"));
            Assert.NotEmpty(Policy.TrainedParameters.All);
            foreach (Parameter parameter in Policy.TrainedParameters.All)
            {
                float[] wanted = new float[parameter.Gradient.Count];
                expected.ReadF32(prefix + parameter.Name, wanted);
                double difference = Norm(wanted.Zip(Device.ReadF32(parameter.Gradient), (a, b) => a - b));
                Assert.True(difference <= (1e-4 * Norm(wanted)) + 1e-5, $"{parameter.Name}: {difference:E2} against {Norm(wanted):E2}");
            }
        }

        public bool BaseIsUnchanged() => before.AsSpan().SequenceEqual(Device.ReadF32(Policy.Parameters.Values));

        public void Dispose()
        {
            supervised?.Dispose();
            preferences?.Dispose();
            reference.Dispose();
            Policy.Dispose();
            Device.Dispose();
        }

        private static double Norm(IEnumerable<float> values) => Math.Sqrt(values.Sum(v => (double)v * v));

        private double[][] LogProbs(LanguageModel model)
        {
            using ResponseScorer scorer = new(model);
            return scorer.LogProbs([.. pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))]);
        }
    }
}
