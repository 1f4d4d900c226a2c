using System.Globalization;
using Osapi.Bench;

switch (args)
{
    case ["engine"]:
        await EngineCost.RunAsync(1_000, 10_000, 100_000);
        return 0;
    case ["engine", var size]:
        await EngineCost.RunAsync(int.Parse(size, CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- engine    cost per task beside a hand-written Task.WhenAll");
        return args.Length == 0 ? 0 : 2;
}
