using Goodhart.Engine;

namespace Goodhart.Testing.Reference;

internal sealed partial class ReferenceOps
{
    public void Linear(Mat x, Mat weight, Mat bias, Mat addend, Mat y) => Each(y, (i, o) =>
    {
        double sum = bias.IsEmpty ? 0 : At(bias, o, 0);
        for (int k = 0; k < x.Cols; k++)
        {
            sum += (double)At(x, i, k) * At(weight, o, k);
        }

        At(y, i, o) = (float)(sum + (addend.IsEmpty ? 0 : At(addend, i, o)));
    });

    public void LinearInputGrad(Mat dy, Mat weight, Mat dx, bool accumulate) => Each(dx, (i, k) =>
    {
        double sum = accumulate ? At(dx, i, k) : 0;
        for (int o = 0; o < dy.Cols; o++)
        {
            sum += (double)At(dy, i, o) * At(weight, o, k);
        }

        At(dx, i, k) = (float)sum;
    });

    public void LinearWeightGrad(Mat dy, Mat x, Mat dWeight, Mat dBias)
    {
        Each(dWeight, (o, k) =>
        {
            double sum = At(dWeight, o, k);
            for (int i = 0; i < x.Rows; i++)
            {
                sum += (double)At(dy, i, o) * At(x, i, k);
            }

            At(dWeight, o, k) = (float)sum;
        });
        for (int o = 0; !dBias.IsEmpty && o < dy.Cols; o++)
        {
            double sum = At(dBias, o, 0);
            for (int i = 0; i < dy.Rows; i++)
            {
                sum += At(dy, i, o);
            }

            At(dBias, o, 0) = (float)sum;
        }
    }

    public void LayerNorm(Mat x, Mat gain, Mat bias, double eps, Mat y, Mat stats)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            double mean = 0;
            double variance = 0;
            for (int j = 0; j < x.Cols; j++)
            {
                mean += At(x, i, j) / (double)x.Cols;
            }

            for (int j = 0; j < x.Cols; j++)
            {
                variance += (At(x, i, j) - mean) * (At(x, i, j) - mean) / x.Cols;
            }

            double inverse = 1 / Math.Sqrt(variance + eps);
            At(stats, i, 0) = (float)mean;
            At(stats, i, 1) = (float)inverse;
            for (int j = 0; j < x.Cols; j++)
            {
                At(y, i, j) = (float)(((At(x, i, j) - mean) * inverse * At(gain, j, 0)) + At(bias, j, 0));
            }
        }
    }

    public void LayerNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain, Mat dBias)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            double mean = At(stats, i, 0);
            double inverse = At(stats, i, 1);
            double meanOfGradient = 0;
            double meanOfProduct = 0;
            for (int j = 0; j < x.Cols; j++)
            {
                double normal = (At(x, i, j) - mean) * inverse;
                double gradient = (double)At(dy, i, j) * At(gain, j, 0);
                meanOfGradient += gradient / x.Cols;
                meanOfProduct += gradient * normal / x.Cols;
                if (!dGain.IsEmpty)
                {
                    At(dGain, j, 0) += (float)(At(dy, i, j) * normal);
                    At(dBias, j, 0) += At(dy, i, j);
                }
            }

            for (int j = 0; j < x.Cols; j++)
            {
                double normal = (At(x, i, j) - mean) * inverse;
                double gradient = (double)At(dy, i, j) * At(gain, j, 0);
                double value = inverse * (gradient - meanOfGradient - (normal * meanOfProduct));
                At(dx, i, j) = (float)(value + (accumulate ? At(dx, i, j) : 0));
            }
        }
    }

    public void Gelu(Mat x, GeluForm form, Mat y) => Each(x, (i, j) => At(y, i, j) = (float)GeluFunction.Value(At(x, i, j), form));

    public void GeluGrad(Mat x, GeluForm form, Mat dy, Mat dx) =>
        Each(x, (i, j) => At(dx, i, j) = (float)(At(dy, i, j) * GeluFunction.Slope(At(x, i, j), form)));

    public void Rotary(Heads x, Mat positions, RotaryTable table, bool inverse)
    {
        int half = table.Dims / 2;
        for (int i = 0; i < x.Rows; i++)
        {
            for (int head = 0; head < x.Count; head++)
            {
                for (int j = 0; j < half; j++)
                {
                    double angle = Index(positions, i) * table.Frequency(j) * (inverse ? -1 : 1);
                    ref float a = ref At(x, i, head, j);
                    ref float b = ref At(x, i, head, j + half);
                    (double u, double v) = (a, b);
                    a = (float)((u * Math.Cos(angle)) - (v * Math.Sin(angle)));
                    b = (float)((v * Math.Cos(angle)) + (u * Math.Sin(angle)));
                }
            }
        }
    }

    public void RmsNorm(Mat x, Mat gain, double eps, Mat y, Mat stats)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            double square = 0;
            for (int j = 0; j < x.Cols; j++)
            {
                square += (double)At(x, i, j) * At(x, i, j) / x.Cols;
            }

            double inverse = 1 / Math.Sqrt(square + eps);
            At(stats, i, 0) = (float)inverse;
            for (int j = 0; j < x.Cols; j++)
            {
                At(y, i, j) = (float)(At(x, i, j) * inverse * At(gain, j, 0));
            }
        }
    }

    public void RmsNormGrad(Mat dy, Mat x, Mat gain, Mat stats, Mat dx, bool accumulate, Mat dGain)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            double inverse = At(stats, i, 0);
            double meanOfProduct = 0;
            for (int j = 0; j < x.Cols; j++)
            {
                double normal = At(x, i, j) * inverse;
                meanOfProduct += (double)At(dy, i, j) * At(gain, j, 0) * normal / x.Cols;
                if (!dGain.IsEmpty)
                {
                    At(dGain, j, 0) += (float)(At(dy, i, j) * normal);
                }
            }

            for (int j = 0; j < x.Cols; j++)
            {
                double value = inverse * (((double)At(dy, i, j) * At(gain, j, 0)) - (At(x, i, j) * inverse * meanOfProduct));
                At(dx, i, j) = (float)(value + (accumulate ? At(dx, i, j) : 0));
            }
        }
    }

    public void SwiGlu(Mat gate, Mat up, Mat y) => Each(gate, (i, j) => At(y, i, j) = (float)(Silu(At(gate, i, j)) * At(up, i, j)));

    public void SwiGluGrad(Mat gate, Mat up, Mat dy, Mat dGate, Mat dUp) => Each(gate, (i, j) =>
    {
        double z = At(gate, i, j);
        double sigmoid = 1 / (1 + Math.Exp(-z));
        double upstream = At(dy, i, j);
        At(dGate, i, j) = (float)(upstream * At(up, i, j) * sigmoid * (1 + (z * (1 - sigmoid))));
        At(dUp, i, j) = (float)(upstream * Silu(z));
    });

    public void Tanh(Mat x, Mat y) => Each(x, (i, j) => At(y, i, j) = (float)Math.Tanh(At(x, i, j)));

    public void TanhGrad(Mat y, Mat dy, Mat dx) =>
        Each(y, (i, j) => At(dx, i, j) = (float)(At(dy, i, j) * (1 - ((double)At(y, i, j) * At(y, i, j)))));

    private static double Silu(double z) => z / (1 + Math.Exp(-z));
}
