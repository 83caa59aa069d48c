using Goodhart.Engine.Cpu;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Randomness;
using Goodhart.Testing.Reference;
using Xunit;

namespace Goodhart.Engine.Tests.Optimizers;

/// <summary>Optimizers over a parameter set with clipping, against loops over doubles written from PyTorch's documentation.</summary>
public sealed class OptimizerTests
{
    private const int Steps = 4;
    private static readonly (string Name, int[] Shape)[] Layout = [("a", [3, 5]), ("b", [7]), ("c", [33, 2])];

    public static TheoryData<bool, double> Cases => new()
    {
        { true, double.PositiveInfinity },
        { true, 0.5 },
        { false, double.PositiveInfinity },
        { false, 0.5 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rms_prop(bool onCpu, double clip) => Compare(onCpu, clip, new RmsProp { Alpha = 0.9, Eps = 1e-3 }, state =>
    {
        double[] v = new double[state.Length];
        return (gradient, rate, _) =>
        {
            for (int i = 0; i < v.Length; i++)
            {
                v[i] = (0.9 * v[i]) + (0.1 * gradient[i] * gradient[i]);
                state[i] -= rate * gradient[i] / (Math.Sqrt(v[i]) + 1e-3);
            }
        };
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Adam_w(bool onCpu, double clip) =>
        Compare(onCpu, clip, new AdamW { Beta1 = 0.8, Beta2 = 0.95, Eps = 1e-4, WeightDecay = 0.3 }, w =>
        {
            double[] m = new double[w.Length];
            double[] v = new double[w.Length];
            return (gradient, rate, step) =>
            {
                for (int i = 0; i < m.Length; i++)
                {
                    m[i] = (0.8 * m[i]) + (0.2 * gradient[i]);
                    v[i] = (0.95 * v[i]) + (0.05 * gradient[i] * gradient[i]);
                    double mean = m[i] / (1 - Math.Pow(0.8, step));
                    double square = v[i] / (1 - Math.Pow(0.95, step));
                    w[i] -= rate * 0.3 * w[i];
                    w[i] -= rate * mean / (Math.Sqrt(square) + 1e-4);
                }
            };
        });

    [Fact]
    public void A_saved_state_continues_to_the_same_bits()
    {
        using CpuDevice device = new(1);
        foreach (Optimizer optimizer in (Optimizer[])[new RmsProp(), new AdamW { WeightDecay = 0.1 }])
        {
            float[] whole = Run(split: false);
            Assert.Equal(whole, Run(split: true));

            float[] Run(bool split)
            {
                using ParameterSet parameters = Create(device);
                OptimizerState state = new(device, optimizer, parameters);
                for (int step = 0; step < Steps; step++)
                {
                    if (split && step == 2)
                    {
                        StateValues[] saved = [.. state.Save().Select(entry => StateValues.Of(entry.Name, entry.ToArray()))];
                        state.Dispose();
                        state = new OptimizerState(device, optimizer, parameters);
                        state.Restore(name => saved.Single(entry => entry.Name == name), steps: 2);
                    }

                    SetGradients(device, parameters, step);
                    state.Step(parameters, 0.01);
                }

                Assert.Equal(Steps, state.Steps);
                state.Dispose();
                return device.ReadF32(parameters.Values);
            }
        }
    }

    /// <summary>Pieces that tensors straddle, and a last one that is shorter.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(48)]
    [InlineData(80)]
    public void A_state_on_the_host_gives_the_same_bits(int piece)
    {
        using CpuDevice device = new(1);
        foreach (Optimizer optimizer in (Optimizer[])[new RmsProp(), new AdamW { WeightDecay = 0.1 }])
        {
            (float[] values, float[] state) = Run(parameters => new DeviceState(device, optimizer, parameters));
            (float[] sameValues, float[] sameState) = Run(parameters => new HostState(device, optimizer, parameters, piece));
            Assert.Equal(values, sameValues);
            Assert.Equal(state, sameState);

            (float[] Values, float[] State) Run(Func<ParameterSet, IStateStore> create)
            {
                using ParameterSet parameters = Create(device);
                IStateStore store = create(parameters);
                float[] state = new float[parameters.Values.Count];
                for (int step = 0; step < Steps; step++)
                {
                    SetGradients(device, parameters, step);
                    store.Step(optimizer, parameters, 0.01, step + 1);
                    if (step == 1)
                    {
                        // Thrown away and restored, in parts that are no pieces.
                        store.Read(0, 0, state.AsSpan(0, 50));
                        store.Read(0, 50, state.AsSpan(50));
                        float[][] others = [.. optimizer.StateNames.Skip(1).Select((_, i) => All(store, i + 1, state.Length))];
                        store.Dispose();
                        store = create(parameters);
                        store.Write(0, 0, state.AsSpan(0, 60));
                        store.Write(0, 60, state.AsSpan(60));
                        for (int i = 0; i < others.Length; i++)
                        {
                            store.Write(i + 1, 0, others[i]);
                        }
                    }
                }

                store.Read(0, 0, state);
                store.Dispose();
                return (device.ReadF32(parameters.Values), state);
            }
        }

        static float[] All(IStateStore store, int state, int count)
        {
            float[] values = new float[count];
            store.Read(state, 0, values);
            return values;
        }
    }

    [Fact]
    public void A_state_of_another_model_is_refused()
    {
        using CpuDevice device = new(1);
        using ParameterSet parameters = Create(device);
        using OptimizerState state = new(device, new RmsProp(), parameters);
        Assert.Contains(
            "'square_avg': expected 112 values, found 3",
            Assert.Throws<ArgumentException>(() => state.Restore(name => StateValues.Of(name, new float[3]), 1)).Message,
            StringComparison.Ordinal);
        Assert.Equal(0, state.Steps);
    }

    private static void Compare(
        bool onCpu, double clip, Optimizer optimizer, Func<double[], Action<double[], double, int>> expectedOf)
    {
        using IDevice device = onCpu ? new CpuDevice(1) : new ReferenceDevice();
        using ParameterSet parameters = Create(device);
        using OptimizerState state = new(device, optimizer, parameters);
        using IArena arena = device.CreateArena("test", 64);
        Mat sumSquares = arena.Allocate(1, 1, DType.F64);
        double[] expected = [.. Read(device, parameters, p => p.Value)];
        Action<double[], double, int> update = expectedOf(expected);
        for (int step = 0; step < Steps; step++)
        {
            SetGradients(device, parameters, step);
            double[] gradient = Read(device, parameters, p => p.Gradient);
            double norm = Math.Sqrt(gradient.Sum(g => g * g));
            double scale = Math.Min(1, clip / (norm + 1e-6));
            double rate = 0.01 * (step + 1);
            update([.. gradient.Select(g => scale * g)], rate, step + 1);

            device.Ops.SumSquares(parameters.Gradients, sumSquares);
            Assert.Equal(norm, Math.Sqrt(device.ReadF64(sumSquares)[0]), 1e-9 * norm);
            device.Ops.ScaleToNorm(parameters.Gradients, sumSquares, clip);
            state.Step(parameters, rate);
        }

        double[] actual = Read(device, parameters, p => p.Value);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 2e-6);
        }

        // What lies between the tensors is still zero: it takes part in the norm.
        Assert.Equal(expected.Length, device.ReadF32(parameters.Values).Count(value => value != 0));
    }

    private static ParameterSet Create(IDevice device)
    {
        ParameterSet parameters = new(device, Layout, training: true);
        RandomStream random = new(1, "values", 0);
        foreach (Parameter parameter in parameters.All)
        {
            parameters.Set(parameter.Name, Normals(random, parameter.Value.Count, 1));
        }

        return parameters;
    }

    /// <summary>Gradients of very different sizes, some 0.</summary>
    private static void SetGradients(IDevice device, ParameterSet parameters, int step)
    {
        RandomStream random = new(1, "gradients", (uint)step);
        foreach (Parameter parameter in parameters.All)
        {
            float[] values = Normals(random, parameter.Value.Count, Math.Pow(10, -parameter.Shape.Length));
            values[0] = 0;
            device.Upload(parameter.Gradient, values);
        }
    }

    private static float[] Normals(RandomStream random, long count, double scale)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(scale * random.NextNormal());
        }

        return values;
    }

    private static double[] Read(IDevice device, ParameterSet parameters, Func<Parameter, Mat> matOf) =>
        [.. parameters.All.SelectMany(parameter => device.ReadF32(matOf(parameter))).Select(value => (double)value)];
}
