using System.Globalization;
using Osapi.Bench;

switch (args)
{
    case ["engine"]:
        await EngineCost.RunAsync(1_000, 10_000, 100_000, 1_000_000);
        return 0;
    case ["engine", var size]:
        await EngineCost.RunAsync(int.Parse(size, CultureInfo.InvariantCulture));
        return 0;
    case ["cells"]:
        await CellCost.RunAsync(1_000, 100);
        return 0;
    case ["hosts"]:
        await HostFlow.RunAsync(1_000, 10);
        return 0;
    case ["fleet"]:
        await FleetGrowth.RunAsync(1, 10, 100, 1_000);
        return 0;
    case ["fleet", var size]:
        await FleetGrowth.RunAsync(int.Parse(size, CultureInfo.InvariantCulture));
        return 0;
    case ["roundtrip"]:
        await JobPath.RoundtripAsync(nats: false);
        await JobPath.RoundtripAsync(nats: true);
        return 0;
    case ["throughput"]:
        await JobPath.ThroughputAsync(nats: false, JobPath.Window, 1, 8, 64, 450);
        await JobPath.ThroughputAsync(nats: true, JobPath.Window, 1, 8, 64, 450);
        return 0;
    case ["throughput", "embedded" or "nats", var inFlight, var seconds]:
        await JobPath.ThroughputAsync(args[1] == "nats", TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), int.Parse(inFlight, CultureInfo.InvariantCulture));
        return 0;
    case ["trust"]:
        TrustCost.Run();
        return 0;
    case ["output"]:
        await OutputPath.RunAsync(nats: false);
        await OutputPath.RunAsync(nats: true);
        return 0;
    case ["spawn"]:
        await SpawnCost.RunAsync(100);
        return 0;
    case ["broadcast"]:
        await Broadcast.RunAsync(15, 1, 10, 100, 1_000);
        return 0;
    case ["broadcast", var size]:
        await Broadcast.RunAsync(15, int.Parse(size, CultureInfo.InvariantCulture));
        return 0;
    case ["soak"]:
        await Soak.RunAsync(nats: false, 100_000);
        await Soak.RunAsync(nats: true, 100_000);
        return 0;
    case ["all"] or ["all", "--quick"] or ["--quick", "all"]:
        await AllBenches.RunAsync(quick: args.Contains("--quick"));
        return 0;
    default:
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- engine    cost per task beside a hand-written Task.WhenAll");
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- cells     cost per task and host, beside the results themselves");
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- hosts     a plan over 1,000 simulated hosts, by host and by task");
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- fleet     a broadcast with 1 to 1,000 agents, beside a bare request; needs nats-server");
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- roundtrip  jobs one after the other, beside bare requests and spawns; needs the published executable and nats-server");
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- throughput [embedded|nats IN_FLIGHT SECONDS]  jobs in flight, beside bare requests; needs the same");
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- trust     CPU time of the envelopes of one job");
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- output     50 MB of output, once and ten at once, beside a bare pipe; needs the same");
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- spawn     starts of a program, beside the C library's; needs nothing");
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- broadcast broadcasts to 1 to 1,000 simulated agents, beside their bare messages; needs nats-server");
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- soak      memory and descriptors over 100,000 jobs; needs the published executable and nats-server");
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- all [--quick]  the whole way of a job in one table, with the aims; needs the same");
        return args.Length == 0 ? 0 : 2;
}
