DROP TABLE campaign_asks;
DROP TABLE positions;
